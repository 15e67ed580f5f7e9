import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { message, time } from '../http/shapes.ts'
import { rowId } from '../lib/fields.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import { RUN_TRIGGERS } from '../lib/run-trigger.ts'
import { presentTestItem, testItemShape } from '../test-items/test-items.handlers.ts'
import { moveRun } from './move-run.ts'
import { type QueueEntry, readQueue } from './queue.ts'
import { presentWait, waitShape } from './run-environments.shape.ts'
import { countActiveRuns } from './runs.ts'

const queueEntryShape = z.object({
  run_id: z.int(),
  status: z.enum(RUN_STATUSES),
  queue_position: z.int().nullable(),
  waiting_for_run_id: z.int().nullable(),
  triggered_by: z.string(),
  trigger: z.enum(RUN_TRIGGERS),
  test_item: testItemShape,
  created_at: time,
  eta_seconds: z.number().nullable().describe('Until its end (active) or its start (queued)'),
  environments: z.array(z.string()).describe('Where it is active, or what it waits for'),
  waiting_for: waitShape.nullable(),
  overdue: z.boolean().describe('It takes much longer than such runs usually do'),
})

function presentEntry({ run, position, waitingFor, etaSeconds, environments, wait, isOverdue }: QueueEntry) {
  return {
    run_id: run.id,
    status: run.status,
    queue_position: position,
    waiting_for_run_id: waitingFor,
    triggered_by: run.triggeredBy,
    trigger: run.trigger,
    test_item: presentTestItem(run.testItem),
    created_at: run.createdAt,
    eta_seconds: etaSeconds,
    environments,
    waiting_for: presentWait(wait),
    overdue: isOverdue,
  }
}

export const list = endpoint({
  summary: 'List the active and queued runs in the order in which they run',
  answers: { 200: z.object({ data: z.array(queueEntryShape) }) },
  async handle(ctx) {
    const { active, waiting } = await readQueue(ctx.db)
    return { data: [...active, ...waiting].map(presentEntry) }
  },
})

export const move = endpoint({
  summary: 'Move a queued run to the front or the back of the queue, or before another',
  params: idParams,
  body: z.object({
    to: z.enum(['front', 'back']).optional(),
    before_run_id: rowId('id').nullish(),
  }),
  answers: { 200: message },
  async handle(ctx, { params, body, person }) {
    await moveRun(ctx, params.id, body.before_run_id ?? body.to ?? 'front', person.email)
    return { message: 'Run moved' }
  },
})

export const processingCount = endpoint({
  summary: 'Count the active runs',
  answers: { 200: z.object({ data: z.object({ count: z.int() }) }) },
  handle: async ctx => ({ data: { count: await countActiveRuns(ctx.db) } }),
})
