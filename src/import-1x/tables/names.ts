import * as z from 'zod'
import { filledLine } from '../../lib/fields.ts'
import { clauseOf, detailsOf } from '../../lib/validation.ts'

/** Why this cannot be a name in CRAT 2, or null. */
export function nameProblem(name: string | null | undefined, max: number): string | null {
  const input = { name }
  const { error } = z.object({ name: filledLine(max) }).safeParse(input)
  return error ? problemsOf(error, input) : null
}

export function problemsOf(error: z.ZodError, input: unknown): string {
  return detailsOf(error, input)
    .map(detail => `${detail.path} ${clauseOf('en', detail)}`)
    .join(', ')
}
