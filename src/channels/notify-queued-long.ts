import type { Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import { formatDuration } from '../lib/format.ts'
import { translator } from '../notifications/mail/render.ts'
import type { Message } from '../notifications/message.ts'
import { noticeMessage } from '../notifications/notice-message.ts'
import { getSettings } from '../settings/settings.ts'
import { findChannels } from './channels.ts'
import { sendToChannels } from './send-to-channels.ts'

interface LongWait {
  id: number
  test_item_id: number
  item_name: string
  job_name: string
  build_number: number
  triggered_by: string
  created_at: Date
}

const EVENT = 'run.queued_long'

/** Tells the channels of runs that wait for long, once of each. Returns how many there are. */
export async function notifyQueuedLong(store: Store & { publicUrl: string }): Promise<number> {
  const { queued_long_hours: hours, project_name: project } = await getSettings(store.db)
  const waiting = await store.db.$queryRaw<LongWait[]>`
    SELECT id, test_item_id, item_name, job_name, build_number, triggered_by, created_at
    FROM deploy_test_runs run
    WHERE status = 'PENDING' AND created_at < now() - ${hours} * interval '1 hour'
      AND NOT EXISTS (SELECT FROM notifications WHERE run_id = run.id AND event = ${EVENT})
    ORDER BY id`
  for (const run of waiting)
    await store.db.$transaction(tx => notify(store, tx, run, messageOf(run, project, store.publicUrl)))
  return waiting.length
}

async function notify(store: Store, tx: Transaction, run: LongWait, message: Message): Promise<void> {
  const channels = await findChannels(tx, ['queued_long'], run.test_item_id)
  await sendToChannels(store, tx, channels, message)
}

function messageOf(run: LongWait, project: string, publicUrl: string): Message {
  const { id, created_at: since } = run
  const waitedMs = Math.floor((Date.now() - since.getTime()) / 60_000) * 60_000
  return noticeMessage({
    ...{ event: EVENT, runId: id, project, url: `${publicUrl}/runs/${id}`, tone: 'warn' },
    body: { run },
    wordsIn(locale) {
      const t = translator(locale)
      const waited = formatDuration(locale, waitedMs)
      const about = { name: run.item_name, number: run.build_number, job: run.job_name, waited, project }
      return {
        subject: t('queued_long.subject', about),
        headline: t('queued_long.headline', about),
        text: t('queued_long.text', { ...about, who: run.triggered_by }),
        action: t('open_run'),
      }
    },
  })
}
