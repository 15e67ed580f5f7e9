import { findChannels } from '../channels/channels.ts'
import {
  languageOf,
  prepareForChannels,
  type WriteDeliveries,
  writeToChannels,
} from '../channels/send-to-channels.ts'
import type { Database, Transaction } from '../database/client.ts'
import type {
  ChannelModel as Channel,
  DigestSubscriptionModel as Subscription,
} from '../generated/prisma/models.ts'
import { isLocale, type Locale } from '../lib/i18n.ts'
import { type Mailing, mayRead } from '../notifications/notify-watchers.ts'
import { addMail } from '../notifications/outbox.ts'
import type { Subscription as Link } from '../notifications/unsubscribe-links.ts'
import { getSettings } from '../settings/settings.ts'
import { collectWeek, type Week, weekOf } from './collect-digest.ts'
import { digestMessage } from './digest-message.ts'
import { isSoonAfter, LEAST_DAYS, lastTime, startOfWeek } from './digest-times.ts'

interface Sender extends Mailing {
  db: Database
  publicUrl: string
}

/** Writes the weekly digests once their time has come, whatever the number of processes. Returns whether it did. */
export async function sendDigests(sender: Sender, now: Date): Promise<boolean> {
  const settings = await getSettings(sender.db)
  const due = lastTime(settings, now)
  if (!due) return false
  const last = await sender.db.timetableEntry.findUnique({ where: { name: NAME } })
  if (last && isSoonAfter(due, last.takenFor)) return false
  const week = await collectWeek(sender.db, startOfWeek(due, last?.takenFor), due)
  const writes = await prepare(sender, week, settings.project_name)
  return sender.db.$transaction(async tx => {
    if (!(await claim(tx, due))) return false
    for (const write of writes) await write(tx)
    return true
  })
}

const NAME = 'weekly digest'

async function claim(tx: Transaction, due: Date): Promise<boolean> {
  const taken = await tx.$executeRaw`
    INSERT INTO timetable AS entry (name, taken_for) VALUES (${NAME}, ${due})
    ON CONFLICT (name) DO UPDATE SET taken_for = EXCLUDED.taken_for
    WHERE entry.taken_for <= EXCLUDED.taken_for - ${LEAST_DAYS} * interval '24 hours'`
  return taken === 1
}

/** None where nothing ran. */
async function prepare(sender: Sender, week: Week, project: string): Promise<WriteDeliveries[]> {
  const messageOf = (itemIds: number[] | null) => {
    const part = weekOf(week, itemIds)
    return part.items.length ? digestMessage(part, project, sender.publicUrl) : null
  }
  const [people, channels] = await Promise.all([
    sender.db.digestSubscription.findMany({ orderBy: { id: 'asc' } }),
    findChannels(sender.db, ['digest'], null),
  ])
  const followed = await followedItems(sender.db, people)
  const toPeople = people
    .filter(({ email }) => mayRead(sender, email))
    .map(person =>
      mailTo(
        sender,
        readerOf(person),
        messageOf(person.allItems ? null : (followed.get(person.email) ?? [])),
      ),
    )
  const toChannels = channels.map(channel =>
    prepareForChannel(sender, channel, messageOf(channel.testItemIds.length ? channel.testItemIds : null)),
  )
  return Promise.all([...toPeople, ...toChannels])
}

async function followedItems(db: Database, people: Subscription[]): Promise<Map<string, number[]>> {
  const emails = people.filter(({ allItems }) => !allItems).map(({ email }) => email)
  const watches = await db.watch.findMany({ where: { email: { in: emails }, testItemId: { not: null } } })
  const byEmail = Map.groupBy(watches, ({ email }) => email)
  return new Map(
    [...byEmail].map(([email, own]) => [email, own.flatMap(({ testItemId }) => testItemId ?? [])]),
  )
}

interface Reader {
  recipient: string
  locale: Locale
  link: Link
  why: { key: string; params: Record<string, string> }
}

const readerOf = ({ id, email, locale }: Subscription): Reader => ({
  ...{ recipient: email, locale: isLocale(locale) ? locale : 'en', link: `digest:${id}` },
  why: { key: 'digest:why', params: {} },
})

const readersOf = (channel: Channel): Reader[] =>
  channel.recipients
    .filter(address => !channel.digestLeft.includes(address))
    .map(recipient => ({
      ...{ recipient, locale: languageOf(channel), link: `channel:${channel.id}:${recipient}` },
      why: { key: 'why_channel', params: { channel: channel.name } },
    }))

type Message = ReturnType<typeof digestMessage> | null

async function mailTo(
  sender: Sender,
  reader: Reader,
  message: Message,
  channelId?: number,
): Promise<WriteDeliveries> {
  if (!message) return async () => {}
  const { recipient, locale, link, why } = reader
  const unsubscribeUrl = sender.unsubscribeLinks.urlOf(link)
  const mail = await message.mailIn(locale, { ...why, unsubscribeUrl })
  const { event, runId } = message
  return async tx =>
    void (await addMail(sender, tx, { ...mail, recipient, event, runId, channelId, unsubscribeUrl }))
}

async function prepareForChannel(
  sender: Sender,
  channel: Channel,
  message: Message,
): Promise<WriteDeliveries> {
  if (!message) return async () => {}
  if (channel.kind !== 'mail') return prepareForChannels(sender, [channel], message)
  const writes = await Promise.all(
    readersOf(channel).map(reader => mailTo(sender, reader, message, channel.id)),
  )
  const writeAll: WriteDeliveries = async tx => {
    for (const write of writes) await write(tx)
  }
  return tx => writeToChannels(tx, [{ channelId: channel.id, write: writeAll }])
}
