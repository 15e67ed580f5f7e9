import { z } from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { time } from '../http/shapes.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import { presentTestItem, testItemShape } from '../test-items/test-items.handlers.ts'
import { listQueue, type QueueEntry } from './queue.ts'
import { countActiveRuns } from './runs.ts'

const queueEntryShape = z.object({
  run_id: z.int(),
  status: z.enum(RUN_STATUSES),
  queue_position: z.int().nullable(),
  waiting_for_run_id: z.int().nullable(),
  triggered_by: z.string(),
  test_item: testItemShape,
  created_at: time,
  eta_seconds: z.number().nullable().describe('Until its end (active) or its start (queued)'),
})

function presentEntry({ run, position, waitingFor, etaSeconds }: QueueEntry) {
  return {
    run_id: run.id,
    status: run.status,
    queue_position: position,
    waiting_for_run_id: waitingFor,
    triggered_by: run.triggeredBy,
    test_item: presentTestItem(run.testItem),
    created_at: run.createdAt,
    eta_seconds: etaSeconds,
  }
}

export const list = endpoint({
  summary: 'List the active and queued runs in the order in which they run',
  answers: { 200: z.object({ data: z.array(queueEntryShape) }) },
  handle: async ctx => ({ data: (await listQueue(ctx.db)).map(presentEntry) }),
})

export const processingCount = endpoint({
  summary: 'Count the active runs',
  answers: { 200: z.object({ data: z.object({ count: z.int() }) }) },
  handle: async ctx => ({ data: { count: await countActiveRuns(ctx.db) } }),
})
