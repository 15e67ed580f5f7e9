import type { Queryable, Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { formatDuration } from '../lib/format.ts'
import type { PresentRun } from '../notifications/finished-run.ts'
import { translator } from '../notifications/mail/render.ts'
import type { Message } from '../notifications/message.ts'
import { noticeMessage } from '../notifications/notice-message.ts'
import { forecastStarts } from '../runs/queue.ts'
import type { Forecast } from '../runs/queue-forecast.ts'
import { getSettings } from '../settings/settings.ts'
import { findChannels } from './channels.ts'
import { sendToChannels } from './send-to-channels.ts'

interface Notifier extends Store {
  publicUrl: string
  presentRun: PresentRun
}

interface About {
  project: string
  forecast: Forecast | null
}

const EVENT = 'run.queued_long'
const MOST_AT_ONCE = 100

/** Tells the channels of runs that wait for long, once of each. Returns how many there are. */
export async function notifyQueuedLong(notifier: Notifier): Promise<number> {
  const { queued_long_hours: hours, project_name: project } = await getSettings(notifier.db)
  const waiting = await listLongWaits(notifier.db, hours)
  if (!waiting.length) return 0
  const forecasts = await forecastStarts(notifier.db)
  let count = 0
  for (const id of waiting) {
    const about = { project, forecast: forecasts.get(id) ?? null }
    if (await notifier.db.$transaction(tx => notify(notifier, tx, id, about))) count += 1
  }
  return count
}

/** Those that a channel wants to be notified of. */
async function listLongWaits(db: Queryable, hours: number): Promise<number[]> {
  const waiting = await db.$queryRaw<{ id: number }[]>`
    SELECT id FROM deploy_test_runs run
    WHERE status = 'PENDING' AND coalesce(requeued_at, created_at) < now() - ${hours} * interval '1 hour'
      AND EXISTS (
        SELECT FROM channels WHERE enabled AND 'queued_long' = ANY(events)
          AND (test_item_ids = '{}' OR run.test_item_id = ANY(test_item_ids)))
      AND NOT EXISTS (SELECT FROM notifications WHERE run_id = run.id AND event = ${EVENT})
    ORDER BY id LIMIT ${MOST_AT_ONCE}`
  return waiting.map(({ id }) => id)
}

async function notify(notifier: Notifier, tx: Transaction, id: number, about: About): Promise<boolean> {
  if (!(await lockWaiting(tx, id))) return false
  // Only now: another process may have written it until the lock was free.
  if (await tx.notification.count({ where: { runId: id, event: EVENT } })) return false
  const run = await tx.run.findUniqueOrThrow({ where: { id } })
  const channels = await findChannels(tx, ['queued_long'], run.testItemId)
  await sendToChannels(notifier, tx, channels, messageOf(run, about, notifier))
  return true
}

async function lockWaiting(tx: Transaction, id: number): Promise<boolean> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT id FROM deploy_test_runs WHERE id = ${id} AND status = 'PENDING' FOR UPDATE SKIP LOCKED`
  return locked.length === 1
}

function messageOf(run: Run, { project, forecast }: About, { publicUrl, presentRun }: Notifier): Message {
  const since = run.requeuedAt ?? run.createdAt
  const { id, itemName: name, buildNumber: number, jobName: job, triggeredBy: who } = run
  const waitedMs = Math.floor((Date.now() - since.getTime()) / 60_000) * 60_000
  const notice = noticeMessage({
    ...{ event: EVENT, runId: id, project, url: `${publicUrl}/runs/${id}`, tone: 'warn', body: {} },
    wordsIn(locale) {
      const t = translator(locale)
      const about = { name, number, job, waited: formatDuration(locale, waitedMs), project }
      return {
        subject: t('queued_long.subject', about),
        headline: t('queued_long.headline', about),
        text: t('queued_long.text', { ...about, who }),
        action: t('open_run'),
      }
    },
  })
  return { ...notice, webhookBody: async tx => ({ run: await presentRun(tx, id, forecast) }) }
}
