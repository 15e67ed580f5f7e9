import * as z from 'zod'
import type { PageOf } from '../database/paging.ts'

export const time = z.iso.datetime()
export const message = z.object({ message: z.string() })

export function page<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    total: z.int().describe('Exact up to 10,000, then 10,000'),
    total_is_exact: z.boolean(),
    limit: z.int(),
    offset: z.int(),
  })
}

export function presentPage<Row, Answer>(
  { data, total, totalIsExact, limit, offset }: PageOf<Row>,
  present: (row: Row) => Answer,
) {
  return { data: data.map(present), total, total_is_exact: totalIsExact, limit, offset }
}

export const errorShape = z
  .object({
    error: z.string().describe('One sentence that a person can act on'),
    code: z.string().describe('A stable word'),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Error' })
