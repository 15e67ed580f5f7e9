import { z } from 'zod'
import { hasControlCharacter, storable } from './text.ts'
import { type ProblemKey, type Problems, problem } from './validation.ts'

const LARGEST_ID = 2_147_483_647

/** A PostgreSQL int4 id. */
export function rowId<K extends ProblemKey>(key: K, ...params: Problems[K]) {
  const wrong = problem(key, ...params)
  return z.number(wrong).int(wrong).min(1, wrong).max(LARGEST_ID, wrong)
}

export const line = (max: number) =>
  z
    .string(problem('text'))
    .trim()
    .max(max, problem('too_long', { max }))
    .refine(text => !hasControlCharacter(text), problem('control_characters'))

/** A word that an environment carries and a test item asks for; commas separate them in forms. */
export const label = line(50)
  .min(1, problem('empty'))
  .refine(text => !text.includes(','), problem('comma'))

export const paragraph = (max: number) =>
  z
    .string(problem('text'))
    .trim()
    .max(max, problem('too_long', { max }))
    .refine(text => storable(text) === text, problem('control_characters'))
