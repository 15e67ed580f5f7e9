import { type PageOf, slicePage } from '../database/paging.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { fieldsOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { masked } from '../lib/secrets.ts'
import { countUses, listParameterSets } from './parameter-sets.ts'

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
  const [all, uses] = await Promise.all([listParameterSets(ctx.db), countUses(ctx.db)])
  const shown = all.map(set => ({ ...set, parameters: masked(set.parameters) }))
  const found = search ? shown.filter(set => mentions(set, search)) : shown
  const sets = slicePage(found, { limit: SETS_PER_PAGE, offset: offsetOf(query.offset) })
  ctx.view.render(res, setsPage, { sets, search, uses })
})

function mentions({ name, description }: ParameterSet, search: string): boolean {
  return `${name}\n${description}`.toLowerCase().includes(search.toLowerCase())
}
