import * as z from 'zod'
import type { TestResultModel as StoredTest } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParams, pageQuery } from '../http/input.ts'
import { page, presentPage } from '../http/shapes.ts'
import { TEST_STATUSES } from '../lib/report-summary.ts'
import { TEST_CHANGES } from '../lib/test-result.ts'
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

function presentTest(test: StoredTest) {
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
