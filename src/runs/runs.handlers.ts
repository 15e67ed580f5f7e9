import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParam, idParams, pageQuery, whole } from '../http/input.ts'
import { message, page, presentPage } from '../http/shapes.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { clearHistory as clearHistoryOf } from './clear-history.ts'
import { readLoadPoints } from './load-points.ts'
import { MAX_RANGE_BYTES, readLog } from './read-log.ts'
import { presentRun, runShape } from './runs.shape.ts'
import * as runs from './runs.ts'

export const listOfItem = endpoint({
  summary: "List a test item's runs, newest first",
  params: idParams,
  query: pageQuery,
  answers: { 200: page(runShape) },
  async handle(ctx, { params, query }) {
    await getTestItem(ctx.db, params.id)
    return presentPage(await runs.listRuns(ctx, { ...query, testItemId: params.id }), presentRun)
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
    presentPage(
      await runs.listRuns(ctx, { limit, offset, statuses: status && [status], testItemId: test_item_id }),
      presentRun,
    ),
})

export const get = endpoint({
  summary: 'Get a run',
  params: idParams,
  answers: { 200: z.object({ data: runShape }) },
  handle: async (ctx, { params }) => ({ data: presentRun(await runs.getRun(ctx.db, params.id)) }),
})

const pointShape = z
  .object({
    t: z.number().describe('Seconds since the start'),
    ...{ users_planned: z.number(), users: z.number(), rps: z.number(), p95_ms: z.number().nullable() },
    errors: z.number().describe('Since the point before'),
  })
  .meta({ id: 'LoadPoint' })

export const load = endpoint({
  summary: "Get the points of a run's load test from the `offset`th on, as far as they have been read",
  params: idParams,
  query: pageQuery.pick({ offset: true }),
  answers: {
    200: z.object({
      ...{ offset: z.int(), next_offset: z.int().describe('The offset to request next') },
      points: z.array(pointShape),
      eof: z.boolean().describe('Nothing follows'),
    }),
  },
  handle: async (ctx, { params, query }) => readLoadPoints(ctx.db, params.id, query.offset),
})

const logShape = z.object({
  offset: z
    .int()
    .describe('Of the first byte of `text`: as requested, or the start of the character that contains it'),
  next_offset: z.int().describe('The offset to request next'),
  text: z.string(),
  eof: z.boolean().describe('Nothing follows'),
  cut: z.boolean().describe("Only the beginning of the test server's log is kept"),
  kept_from: z.int().describe('Where what is kept begins: not 0 once an old log has been shortened'),
  size: z.int().describe('Where what is kept ends'),
})

const logIndex = whole(0, 15).default(0).describe('Which environment, of a run that has several')

const logLimit = whole(4, MAX_RANGE_BYTES).default(MAX_RANGE_BYTES).describe('Bytes at most')

export const log = endpoint({
  summary: "Get the log of a run's task from a byte offset on, as far as it has been read",
  params: idParams,
  query: pageQuery.pick({ offset: true }).extend({ index: logIndex, limit: logLimit }),
  answers: { 200: logShape },
  handle: async (ctx, { params, query: { index, ...range } }) =>
    readLog(ctx.db, { runId: params.id, index }, range),
})
