import { z } from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParam, idParams, pageQuery } from '../http/input.ts'
import { message, page, time } from '../http/shapes.ts'
import { rowId } from '../lib/fields.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import { presentTestItem, testItemShape } from '../test-items/test-items.handlers.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { cancelRun } from './cancel-run.ts'
import { clearHistory as clearHistoryOf } from './clear-history.ts'
import { listQueue, type QueueEntry } from './queue.ts'
import { readLog } from './run-log.ts'
import { presentRun, runShape } from './runs.shape.ts'
import * as runs from './runs.ts'
import { retryRun, triggerRun } from './trigger-run.ts'

const triggered = message.extend({
  data: z.object({ run_id: z.int(), queued: z.boolean(), queue_position: z.int().nullable() }),
})

function presentTriggered(run: runs.FullRun) {
  const queued = run.queuePosition !== null
  return {
    message: queued ? `Run ${run.id} waits at position ${run.queuePosition}` : `Run ${run.id} starts`,
    data: { run_id: run.id, queued, queue_position: run.queuePosition },
  }
}

const idOrNothing = rowId('id').nullish()

export const trigger = endpoint({
  summary: "Deploy and test a build, by default the job's selected one",
  params: idParams,
  body: z.object({ build_info_id: idOrNothing, parameter_set_id: idOrNothing }).default({}),
  answers: { 200: triggered },
  async handle(ctx, { params, body, person }) {
    const input = {
      testItemId: params.id,
      buildId: body.build_info_id,
      parameterSetId: body.parameter_set_id,
    }
    return presentTriggered(await triggerRun(ctx, input, person))
  },
})

const toPage = <T extends { data: runs.FullRun[] }>(found: T) => ({
  ...found,
  data: found.data.map(presentRun),
})

export const listOfItem = endpoint({
  summary: "List a test item's runs, newest first",
  params: idParams,
  query: pageQuery,
  answers: { 200: page(runShape) },
  async handle(ctx, { params, query }) {
    await getTestItem(ctx.db, params.id)
    return toPage(await runs.listRuns(ctx.db, { ...query, testItemId: params.id }))
  },
})

export const clearHistory = endpoint({
  summary: "Delete a test item's finished runs",
  params: idParams,
  answers: {
    200: message.extend({ deleted_count: z.int(), test_item_id: z.int(), cleared_by: z.string() }),
  },
  async handle(ctx, { params, person }) {
    const deleted = await clearHistoryOf(ctx, params.id, person)
    return {
      message: 'History cleared',
      deleted_count: deleted,
      test_item_id: params.id,
      cleared_by: person.email,
    }
  },
})

export const list = endpoint({
  summary: 'List the runs of all test items, newest first',
  query: pageQuery.extend({ status: filter(z.enum(RUN_STATUSES)), test_item_id: filter(idParam) }),
  answers: { 200: page(runShape) },
  handle: async (ctx, { query: { limit, offset, status, test_item_id } }) =>
    toPage(
      await runs.listRuns(ctx.db, { limit, offset, statuses: status && [status], testItemId: test_item_id }),
    ),
})

export const get = endpoint({
  summary: 'Get a run',
  params: idParams,
  answers: { 200: z.object({ data: runShape }) },
  handle: async (ctx, { params }) => ({ data: presentRun(await runs.getRun(ctx.db, params.id)) }),
})

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

export const queue = endpoint({
  summary: 'List what is active and what waits, in the order in which it runs',
  answers: { 200: z.object({ data: z.array(queueEntryShape) }) },
  handle: async ctx => ({ data: (await listQueue(ctx.db)).map(presentEntry) }),
})

const logShape = z.object({
  offset: z
    .int()
    .describe('Of the first byte of `text`: as asked, or where the character begins that it lies in'),
  next_offset: z.int().describe('What to ask for next'),
  text: z.string(),
  eof: z.boolean().describe('Nothing will follow'),
  cut: z.boolean().describe("Only the beginning of the test server's log is kept"),
})

export const log = endpoint({
  summary: "Get the log of a run's task from a byte on, as far as the test server told it",
  params: idParams,
  query: pageQuery.pick({ offset: true }),
  answers: { 200: logShape },
  handle: async (ctx, { params, query }) => readLog(ctx.db, params.id, query.offset),
})

export const cancel = endpoint({
  summary: 'Cancel a queued or active run: its owner, or an admin',
  params: idParams,
  answers: { 200: message.extend({ data: runShape }) },
  handle: async (ctx, { params, person }) => ({
    message: 'Run cancelled',
    data: presentRun(await cancelRun(ctx, params.id, person)),
  }),
})

export const retry = endpoint({
  summary: 'Run a finished run again, with the same build and the same parameters',
  params: idParams,
  answers: { 200: triggered },
  handle: async (ctx, { params, person }) => presentTriggered(await retryRun(ctx, params.id, person)),
})

export const processingCount = endpoint({
  summary: 'Count the runs that are neither queued nor at their end',
  answers: { 200: z.object({ data: z.object({ count: z.int() }) }) },
  handle: async ctx => ({ data: { count: await runs.countActiveRuns(ctx.db) } }),
})
