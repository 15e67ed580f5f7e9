import type { Queryable } from '../database/client.ts'
import type { Queue } from '../database/store.ts'
import type { Message } from '../notifications/message.ts'
import type { RunEnd } from '../runs/record-event.ts'
import type { ChannelEvent } from './channel-fields.ts'
import { findChannels } from './channels.ts'
import { prepareForChannels, type WriteDeliveries } from './send-to-channels.ts'

/** Prepares one delivery for each channel that wants to know how the run ended. */
export async function notifyFinishedRun(
  { db, queue }: { db: Queryable; queue: Queue },
  end: RunEnd,
  message: Message,
): Promise<WriteDeliveries> {
  const events = await eventsOf(db, end)
  const channels = events.length ? await findChannels(db, events, end.run.testItemId) : []
  return prepareForChannels({ queue }, channels, message)
}

/** None of a run without a verdict: only deployed, or cancelled before it started. */
async function eventsOf(db: Queryable, { run, change }: RunEnd): Promise<ChannelEvent[]> {
  const { status, outcome = 'unknown' } = change.run
  if (status === 'FAILED') return ['error']
  if (status === 'CANCELLED') return run.startedAt ? ['unknown'] : []
  if (status !== 'COMPLETED') return []
  if (outcome !== 'passed') return [outcome ?? 'unknown']
  return (await hasRecovered(db, run)) ? ['passed', 'recovered'] : ['passed']
}

async function hasRecovered(db: Queryable, { id, testItemId }: RunEnd['run']): Promise<boolean> {
  const before = await db.run.findFirst({
    where: { testItemId, id: { lt: id }, status: { in: ['COMPLETED', 'FAILED'] } },
    orderBy: { id: 'desc' },
    select: { outcome: true },
  })
  return before !== null && before.outcome !== 'passed'
}
