import * as z from 'zod'
import type { Context } from '../context.ts'
import { fieldsOf, idOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { notFound } from '../lib/errors.ts'
import { compareRuns, DIFFERENCES, type RunComparison } from './compare-runs.ts'
import { listTestedRuns, type TestedRun } from './item-tests.ts'

interface ComparePage {
  run: { id: number; testItemId: number; itemName: string }
  /** Those it can be compared with, newest first. */
  others: TestedRun[]
  other: number | null
  comparison: RunComparison | null
  differences: typeof DIFFERENCES
}

const comparePage = template<ComparePage>('pages/compare')
const RUNS_OFFERED = 100
const TESTS_NAMED = 100

const otherRun = z.coerce.number().int().positive().max(2_147_483_647).optional().catch(undefined)

export const showComparison = page(async (ctx, { req, res }) => {
  const run = await findRunOfPage(ctx, idOf(req))
  const tested = await listTestedRuns(ctx.db, run.testItemId, { limit: RUNS_OFFERED, offset: 0 })
  const others = tested.filter(({ id }) => id !== run.id)
  const chosen = otherRun.parse(fieldsOf(req.query).with)
  const other = chosen ?? others.find(({ id }) => id < run.id)?.id ?? others[0]?.id ?? null
  const comparison = other === null ? null : await compareRuns(ctx.db, [run.id, other], TESTS_NAMED)
  ctx.view.render(res, comparePage, { run, others, other, comparison, differences: DIFFERENCES })
})

async function findRunOfPage({ db }: Context, id: number): Promise<ComparePage['run']> {
  const run = await db.run.findUnique({
    where: { id },
    select: { id: true, testItemId: true, itemName: true },
  })
  if (!run) throw notFound('errors:run_not_found', { id })
  return run
}
