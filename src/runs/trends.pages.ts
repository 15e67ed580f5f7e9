import * as z from 'zod'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { fieldsOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { listTestItems } from '../test-items/test-items.ts'
import {
  isByWeek,
  lastDays,
  type Period,
  periodBetween,
  RANGES,
  readTrend,
  type TrendPoint,
  totalOf,
} from './trends.ts'

interface TrendsPage {
  points: TrendPoint[]
  total: Omit<TrendPoint, 'day'>
  period: Period
  byWeek: boolean
  /** null: an own period. */
  days: number | null
  ranges: typeof RANGES
  items: TestItem[]
  item: TestItem | null
}

const trendsPage = template<TrendsPage>('pages/trends')

const query = z.object({
  test_item_id: z.coerce.number().int().positive().max(2_147_483_647).optional().catch(undefined),
  days: z.coerce
    .number()
    .refine(days => (RANGES as readonly number[]).includes(days))
    .optional()
    .catch(undefined),
  from: z.iso.date().optional().catch(undefined),
  to: z.iso.date().optional().catch(undefined),
})

export const showTrends = page(async (ctx, { req, res }) => {
  const { test_item_id, days, from, to } = query.parse(fieldsOf(req.query))
  const own = !days && from && to ? periodBetween(from, to) : null
  const period = own ?? lastDays(days ?? 30)
  const items = await ctx.sharedReads.read('test items', () => listTestItems(ctx.db))
  const item = items.find(({ id }) => id === test_item_id) ?? null
  const key = `trend ${JSON.stringify([period, item?.id])}`
  const points = await ctx.sharedReads.read(key, () => readTrend(ctx.db, period, item?.id ?? null))
  ctx.view.render(res, trendsPage, {
    ...{ points, total: totalOf(points), period, byWeek: isByWeek(period) },
    ...{ days: own ? null : (days ?? 30), ranges: RANGES, items, item },
  })
})
