import * as z from 'zod'
import type { TestResultModel as StoredTest } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParam, idParams, pageQuery } from '../http/input.ts'
import { page, presentPage } from '../http/shapes.ts'
import { TEST_STATUSES } from '../lib/report-summary.ts'
import { TEST_CHANGES } from '../lib/test-result.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { type ChangedTest, compareRuns, DIFFERENCES, type RunComparison } from './compare-runs.ts'
import { failureRate, type ItemTest, listItemTests } from './item-tests.ts'
import { listTestResults } from './test-results.ts'

const testShape = z
  .object({
    id: z.string().describe('The same in every run; several tests may share it'),
    name: z.string(),
    suite: z.string(),
    status: z.enum(TEST_STATUSES),
    change: z
      .enum(TEST_CHANGES)
      .nullable()
      .describe('Since the finished run of the same item before it; null where there is nothing to tell'),
    flaky: z.boolean(),
    duration_ms: z.number().nullable(),
    retries: z.int(),
    message: z.string().nullable(),
    trace: z.string().nullable(),
    url: z.string().nullable().describe('Where the report shows it, if it fails'),
  })
  .meta({ id: 'Test' })

export function presentTest(test: StoredTest) {
  return {
    id: test.testKey,
    name: test.name,
    suite: test.suite,
    status: test.status,
    change: test.change,
    flaky: test.flaky,
    duration_ms: test.durationMs,
    retries: test.retries,
    message: test.message,
    trace: test.trace,
    url: test.url,
  }
}

export const list = endpoint({
  summary: "List the tests of a run's report, in the order of the report",
  params: idParams,
  query: pageQuery.extend({
    status: filter(z.enum(TEST_STATUSES)),
    change: filter(z.enum(TEST_CHANGES)),
  }),
  answers: { 200: page(testShape) },
  async handle(ctx, { params, query }) {
    const found = await listTestResults(ctx.db, params.id, query)
    return presentPage(found, presentTest)
  },
})

const pastResult = z
  .object({
    ...{ run_id: z.int(), build_number: z.int(), status: z.enum(TEST_STATUSES) },
    duration_ms: z.number().nullable(),
  })
  .meta({ id: 'PastResult' })

const itemTestShape = z
  .object({
    key: z.string().describe('The `id` of the test in each run'),
    ...{ name: z.string(), suite: z.string() },
    last_status: z.enum(TEST_STATUSES),
    last_run_id: z.int(),
    failures: z.int(),
    runs: z.int().describe('Whose report lists the test'),
    failure_rate: z.number().nullable().describe('Percent of the runs in which it passed or failed'),
    flaky: z.boolean().describe('In one of the last 20 runs'),
    first_failed_run_id: z
      .int()
      .nullable()
      .describe('Of the failures that no pass has followed; that run may have been removed since'),
    last_runs: z.array(pastResult).describe('Of the last 20 runs of the item, newest first'),
  })
  .meta({ id: 'ItemTest' })

function presentItemTest(test: ItemTest) {
  return {
    ...{ key: test.testKey, name: test.name, suite: test.suite },
    ...{ last_status: test.lastStatus, last_run_id: test.lastRunId },
    ...{ failures: test.failures, runs: test.runs, failure_rate: failureRate(test) },
    flaky: test.flaky,
    first_failed_run_id: test.firstFailedRunId,
    last_runs: test.lastRuns.map(({ runId, buildNumber, status, durationMs }) => ({
      ...{ run_id: runId, build_number: buildNumber, status, duration_ms: durationMs },
    })),
  }
}

export const listOfItem = endpoint({
  summary: 'List the tests of a test item over its runs, those that fail first',
  params: idParams,
  query: pageQuery.extend({
    status: filter(z.enum(TEST_STATUSES)),
    flaky: filter(z.enum(['true', 'false'])),
    q: filter(z.string().max(200)),
  }),
  answers: { 200: page(itemTestShape) },
  async handle(ctx, { params, query: { flaky, ...query } }) {
    await getTestItem(ctx.db, params.id)
    const filters = { ...query, flaky: flaky && flaky === 'true' }
    return presentPage(await listItemTests(ctx.db, params.id, filters), presentItemTest)
  },
})

const verdict = z.enum(TEST_STATUSES).nullable()
const changedTest = z
  .object({
    ...{ key: z.string(), name: z.string(), suite: z.string() },
    before: verdict.describe('In the earlier run; null where its report does not list the test'),
    status: verdict.describe('In the later run'),
    message: z.string().nullable(),
  })
  .meta({ id: 'ChangedTest' })

/** One for each kind of difference. */
const perDifference = <T extends z.ZodType>(shape: T) => ({
  ...{ new_failures: shape, fixed: shape, still_failing: shape, added: shape, removed: shape },
})

const comparisonShape = z
  .object({
    before: z.int().describe('The earlier of the two runs'),
    after: z.int().describe('The later one'),
    ...perDifference(z.array(changedTest)),
    totals: z.object(perDifference(z.int())),
  })
  .meta({ id: 'RunComparison' })

const MOST_NAMED = 1_000

function presentComparison({ before, after, totals, lists }: RunComparison) {
  const named = DIFFERENCES.map(difference => [difference, lists[difference] as ChangedTest[]])
  return { before: before.id, after: after.id, ...Object.fromEntries(named), totals }
}

export const compare = endpoint({
  summary: `Compare the tests of two runs, in either order; each list names at most ${MOST_NAMED} tests`,
  params: idParams.extend({ other: idParam }),
  answers: { 200: z.object({ data: comparisonShape }) },
  handle: async (ctx, { params: { id, other } }) => ({
    data: presentComparison(await compareRuns(ctx.db, [id, other], MOST_NAMED)),
  }),
})
