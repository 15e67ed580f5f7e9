import { z } from 'zod'
import { buildShape, presentBuild } from '../builds/builds.handlers.ts'
import type { StepModel as Step } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParam, idParams, pageQuery } from '../http/input.ts'
import { message, page, time } from '../http/shapes.ts'
import { rowId } from '../lib/fields.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import { presentTestItem, testItemShape } from '../test-items/test-items.handlers.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { listQueue, type QueueEntry } from './queue.ts'
import { readLog } from './run-log.ts'
import * as runs from './runs.ts'

const json = z.looseObject({}).nullable()
const count = z.int()
const milliseconds = z.number().nullable()

const stepShape = z
  .object({
    name: z.enum(['download', 'test', 'monitor', 'notify']),
    status: z.enum(['RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED']),
    attempt: z.int(),
    start_time: time,
    end_time: time.nullable(),
    details: json,
    progress: json,
    error: z.string().nullable(),
  })
  .meta({ id: 'Step' })

const summaryShape = z
  .object({
    ...{ passed: count, failed: count, broken: count, skipped: count, unknown: count, total: count },
    pass_rate: z.number().nullable().describe('Percent of all tests'),
    ...{ start: time.nullable(), stop: time.nullable() },
    ...{ duration_ms: milliseconds, min_duration_ms: milliseconds },
    ...{ max_duration_ms: milliseconds, sum_duration_ms: milliseconds },
  })
  .meta({ id: 'Summary' })

const changesShape = z
  .object({ new_failures: count, still_failing: count, fixed: count, flaky: count })
  .meta({ id: 'Changes' })

const runShape = z
  .object({
    id: z.int(),
    test_item_id: z.int(),
    test_item: testItemShape,
    build_info_id: z.int().nullable(),
    build_info: buildShape.nullable(),
    parameter_set_id: z.int().nullable(),
    parameters: z.looseObject({}),
    triggered_by: z.string(),
    cancelled_by: z.string().nullable(),
    status: z.enum(RUN_STATUSES),
    outcome: z.enum(['passed', 'failed', 'unknown']).nullable(),
    queue_position: z.int().nullable(),
    job_name: z.string(),
    build_number: z.int(),
    download_url: z.string().nullable(),
    download_path: z.string().nullable(),
    package_sha256: z.string().nullable(),
    package_size: z.int().nullable(),
    task_id: z.string().nullable(),
    report_url: z.string().nullable(),
    summary: summaryShape.nullable(),
    changes: changesShape
      .nullable()
      .describe('Tests beside those of the finished run before it, where both are known'),
    steps: z.array(stepShape),
    error_message: z.string().nullable(),
    error_code: z.string().nullable(),
    response_raw_data: z.unknown(),
    max_query_hours: z.number(),
    query_interval: z.number(),
    query_timeout: z.number(),
    created_at: time,
    updated_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
    retry_of: z.int().nullable(),
  })
  .meta({ id: 'Run' })

function presentStep(step: Step) {
  return {
    name: step.name,
    status: step.status,
    attempt: step.attempt,
    start_time: step.startTime,
    end_time: step.endTime,
    details: step.details,
    progress: step.progress,
    error: step.error,
  }
}

function presentChanges(comparison: runs.FullRun['comparison']) {
  if (!comparison || comparison.previousRunId === null) return null
  const { newFailures, stillFailing, fixed, flaky } = comparison
  return { new_failures: newFailures, still_failing: stillFailing, fixed, flaky }
}

function presentRun(run: runs.FullRun) {
  return {
    id: run.id,
    test_item_id: run.testItemId,
    test_item: presentTestItem(run.testItem),
    build_info_id: run.buildId,
    build_info: run.build && presentBuild(run.build),
    parameter_set_id: run.parameterSetId,
    parameters: runs.sentParameters(run),
    triggered_by: run.triggeredBy,
    cancelled_by: run.cancelledBy,
    status: run.status,
    outcome: run.outcome,
    queue_position: run.queuePosition,
    job_name: run.jobName,
    build_number: run.buildNumber,
    download_url: run.downloadUrl,
    download_path: run.downloadPath,
    package_sha256: run.packageSha256,
    package_size: run.packageSize === null ? null : Number(run.packageSize),
    task_id: run.taskId,
    report_url: run.reportUrl,
    summary: run.summary,
    changes: presentChanges(run.comparison),
    steps: run.steps.map(presentStep),
    error_message: run.errorMessage,
    error_code: run.errorKey?.slice(run.errorKey.indexOf(':') + 1) ?? null,
    response_raw_data: run.responseRawData,
    max_query_hours: run.maxQueryHours,
    query_interval: run.queryInterval,
    query_timeout: run.queryTimeout,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    retry_of: run.retryOf,
  }
}

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

const idOrNothing = rowId('must be an id').nullish()

export const trigger = endpoint({
  who: 'user',
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
    return presentTriggered(await runs.triggerRun(ctx, input, person))
  },
})

const toPage = <T extends { data: runs.FullRun[] }>(found: T) => ({
  ...found,
  data: found.data.map(presentRun),
})

export const listOfItem = endpoint({
  who: 'user',
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
  who: 'admin',
  summary: "Delete a test item's finished runs",
  params: idParams,
  answers: {
    200: message.extend({ deleted_count: z.int(), test_item_id: z.int(), cleared_by: z.string() }),
  },
  async handle(ctx, { params, person }) {
    const deleted = await runs.clearHistory(ctx, params.id, person.email)
    return {
      message: 'History cleared',
      deleted_count: deleted,
      test_item_id: params.id,
      cleared_by: person.email,
    }
  },
})

export const list = endpoint({
  who: 'user',
  summary: 'List the runs of all test items, newest first',
  query: pageQuery.extend({ status: z.enum(RUN_STATUSES).optional(), test_item_id: idParam.optional() }),
  answers: { 200: page(runShape) },
  handle: async (ctx, { query: { limit, offset, status, test_item_id } }) =>
    toPage(
      await runs.listRuns(ctx.db, { limit, offset, statuses: status && [status], testItemId: test_item_id }),
    ),
})

export const get = endpoint({
  who: 'user',
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
  who: 'user',
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
  who: 'user',
  summary: "Get the log of a run's task from a byte on, as far as the test server told it",
  params: idParams,
  query: pageQuery.pick({ offset: true }),
  answers: { 200: logShape },
  handle: async (ctx, { params, query }) => readLog(ctx.db, params.id, query.offset),
})

export const cancel = endpoint({
  who: 'user',
  summary: 'Cancel a queued or active run: its owner, or an admin',
  params: idParams,
  answers: { 200: message.extend({ data: runShape }) },
  handle: async (ctx, { params, person }) => ({
    message: 'Run cancelled',
    data: presentRun(await runs.cancelRun(ctx, params.id, person)),
  }),
})

export const retry = endpoint({
  who: 'user',
  summary: 'Run a finished run again, with the same build and the same parameters',
  params: idParams,
  answers: { 200: triggered },
  handle: async (ctx, { params, person }) => presentTriggered(await runs.retryRun(ctx, params.id, person)),
})

export const processingCount = endpoint({
  who: 'user',
  summary: 'Count the runs that are neither queued nor at their end',
  answers: { 200: z.object({ data: z.object({ count: z.int() }) }) },
  handle: async ctx => ({ data: { count: await runs.countActiveRuns(ctx.db) } }),
})
