import { z } from 'zod'

export const time = z.iso.datetime()
export const message = z.object({ message: z.string() })

export function page<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), total: z.int(), limit: z.int(), offset: z.int() })
}

export const errorShape = z
  .object({
    error: z.string().describe('One sentence that a person can act on'),
    code: z.string().describe('A stable word'),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Error' })
