import { z } from 'zod'
import { hasControlCharacter, storable } from './text.ts'

/** Fields that several inputs share. */

const LARGEST_ID = 2_147_483_647

/** The id of a row, as PostgreSQL can hold it. */
export const rowId = (says: string) => z.number(says).int(says).min(1, says).max(LARGEST_ID, says)

/** Text without line breaks. */
export const line = (max: number) =>
  z
    .string('must be text')
    .trim()
    .max(max, `must have at most ${max} characters`)
    .refine(text => !hasControlCharacter(text), 'must not contain control characters')

/** Text that may have line breaks. */
export const paragraph = (max: number) =>
  z
    .string('must be text')
    .trim()
    .max(max, `must have at most ${max} characters`)
    .refine(text => storable(text) === text, 'must not contain control characters')
