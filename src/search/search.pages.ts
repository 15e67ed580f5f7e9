import { fieldsOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import type { Result } from './result.ts'
import { MAX_QUERY } from './search.handlers.ts'
import { search } from './search.ts'

const searchPage = template<{ query: string; results: Result[] }>('pages/search')

export const showSearch = page(async (ctx, { req, res, person }) => {
  const query = (fieldsOf(req.query).q ?? '').trim().slice(0, MAX_QUERY)
  ctx.view.render(res, searchPage, { query, results: await search(ctx, query, person) })
})
