import { z } from 'zod'
import { hasControlCharacter, storable } from './text.ts'
import { type ProblemKey, type Problems, problem } from './validation.ts'

/** Fields that several inputs share. */

const LARGEST_ID = 2_147_483_647

/** The id of a row, as PostgreSQL can hold it. */
export function rowId<K extends ProblemKey>(key: K, ...params: Problems[K]) {
  const wrong = problem(key, ...params)
  return z.number(wrong).int(wrong).min(1, wrong).max(LARGEST_ID, wrong)
}

/** Text without line breaks. */
export const line = (max: number) =>
  z
    .string(problem('text'))
    .trim()
    .max(max, problem('too_long', { max }))
    .refine(text => !hasControlCharacter(text), problem('control_characters'))

/** Text that may have line breaks. */
export const paragraph = (max: number) =>
  z
    .string(problem('text'))
    .trim()
    .max(max, problem('too_long', { max }))
    .refine(text => storable(text) === text, problem('control_characters'))
