import * as z from 'zod'
import type { PageOf } from '../database/paging.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { fieldsOf, idOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { TEST_STATUSES, type TestStatus } from '../lib/report-summary.ts'
import { getTestItem } from '../test-items/test-items.ts'
import {
  failureRate,
  getItemTest,
  type ItemTest,
  listItemTests,
  listResultsOfTest,
  type ResultInRun,
} from './item-tests.ts'

interface ItemTestsPage {
  item: TestItem
  tests: PageOf<ItemTest>
  filter: z.output<typeof filterQuery>
  statuses: readonly TestStatus[]
  failureRate: typeof failureRate
}
interface ItemTestPage {
  item: TestItem
  test: ItemTest
  results: PageOf<ResultInRun>
  /** The build in which it began to fail; null where it does not, or where that run has been removed. */
  firstFailed: { id: number; buildNumber: number } | null
  failureRate: typeof failureRate
}

const itemTestsPage = template<ItemTestsPage>('pages/item-tests')
const itemTestPage = template<ItemTestPage>('pages/item-test')

const TESTS_PER_PAGE = 25
const RUNS_PER_PAGE = 50

const filterQuery = z.object({
  status: z.enum(TEST_STATUSES).optional().catch(undefined),
  flaky: z.literal('true').optional().catch(undefined),
  q: z.string().trim().max(200).optional().catch(undefined),
})

export const showItemTests = page(async (ctx, { req, res }) => {
  const item = await getTestItem(ctx.db, idOf(req))
  const query = fieldsOf(req.query)
  const filter = filterQuery.parse(query)
  const tests = await listItemTests(ctx.db, item.id, {
    ...{ status: filter.status, q: filter.q, flaky: filter.flaky && true },
    ...{ limit: TESTS_PER_PAGE, offset: offsetOf(query.offset) },
  })
  ctx.view.render(res, itemTestsPage, { item, tests, filter, statuses: TEST_STATUSES, failureRate })
})

export const showItemTest = page(async (ctx, { req, res }) => {
  const item = await getTestItem(ctx.db, idOf(req))
  const { key = '', offset } = fieldsOf(req.query)
  const test = await getItemTest(ctx.db, item.id, key)
  const window = { limit: RUNS_PER_PAGE, offset: offsetOf(offset) }
  const [results, firstFailed] = await Promise.all([
    listResultsOfTest(ctx.db, item.id, key, window),
    test.firstFailedRunId === null
      ? null
      : ctx.db.run.findUnique({
          where: { id: test.firstFailedRunId },
          select: { id: true, buildNumber: true },
        }),
  ])
  ctx.view.render(res, itemTestPage, { item, test, results, firstFailed, failureRate })
})
