import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { line } from '../lib/fields.ts'
import { KINDS, type Result } from './result.ts'
import { search } from './search.ts'

export const MAX_QUERY = 200

const resultShape = z
  .object({
    kind: z.enum(KINDS),
    id: z.union([z.int(), z.string()]).describe('Of a job its name, of a test its key, of a page its path'),
    title: z.string(),
    detail: z.string().nullable().describe('Which of several with this title'),
    url: z.string().describe('Path of its page'),
  })
  .meta({ id: 'SearchResult' })

export const find = endpoint({
  summary: 'Search everything by name or number, best first, at most 20. What takes too long is left out.',
  query: z.object({ q: line(MAX_QUERY).default('') }),
  answers: { 200: z.object({ data: z.array(resultShape) }) },
  handle: async (ctx, { query, person }) => ({
    data: (await search(ctx, query.q, person)).map(presentResult),
  }),
})

const presentResult = ({ kind, id, title, detail, url }: Result) => ({ kind, id, title, detail, url })
