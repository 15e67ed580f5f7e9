import type { PageOf } from '../database/paging.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { fieldsOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { masked } from '../lib/secrets.ts'
import { countUses, searchParameterSets } from './parameter-sets.ts'

interface SetsPage {
  sets: PageOf<ParameterSet>
  search: string | undefined
  uses: Map<number, number>
}

const setsPage = template<SetsPage>('pages/parameter-sets')
const SETS_PER_PAGE = 25

export const showParameterSets = page(async (ctx, { req, res }) => {
  const query = fieldsOf(req.query)
  const search = query.q?.trim().slice(0, 200) || undefined
  const [sets, uses] = await Promise.all([
    searchParameterSets(ctx.db, { search, limit: SETS_PER_PAGE, offset: offsetOf(query.offset) }),
    countUses(ctx.db),
  ])
  const data = sets.data.map(set => ({ ...set, parameters: masked(set.parameters) }))
  ctx.view.render(res, setsPage, { sets: { ...sets, data }, search, uses })
})
