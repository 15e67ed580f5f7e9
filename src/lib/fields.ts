import * as z from 'zod'
import { describedAs, FILLED_LINE, LABEL, LINE, WITHOUT_NUL } from './input-schemas.ts'
import { hasControlCharacter, storable } from './text.ts'
import { type ProblemKey, type Problems, problem } from './validation.ts'

const LARGEST_ID = 2_147_483_647

export function rowId<K extends ProblemKey>(key: K, ...params: Problems[K]) {
  const wrong = problem(key, ...params)
  return z.number(wrong).int(wrong).min(1, wrong).max(LARGEST_ID, wrong)
}

const anyLine = (max: number) =>
  z
    .string(problem('text'))
    .max(max, problem('too_long', { max }))
    .trim()
    .refine(text => !hasControlCharacter(text), problem('control_characters'))

export const line = (max: number) =>
  describedAs(anyLine(max), { type: 'string', maxLength: max, pattern: LINE })

export const filledLine = (max: number) =>
  describedAs(anyLine(max).min(1, problem('empty')), {
    ...{ type: 'string', minLength: 1, maxLength: max, pattern: FILLED_LINE },
  })

/** A word that an environment carries and a test item asks for; commas separate them in forms. */
export const label = describedAs(
  anyLine(50)
    .min(1, problem('empty'))
    .refine(text => !text.includes(','), problem('comma')),
  { type: 'string', minLength: 1, maxLength: 50, pattern: LABEL },
)

export const paragraph = (max: number) =>
  describedAs(
    z
      .string(problem('text'))
      .max(max, problem('too_long', { max }))
      .trim()
      .refine(text => storable(text) === text, problem('control_characters')),
    { type: 'string', maxLength: max, pattern: WITHOUT_NUL },
  )

const DAY_MS = 24 * 3_600_000

/** A time in RFC 3339, or a day: its first moment in UTC, or its last. */
export const moment = (side: 'start' | 'end') =>
  z.union(
    [
      z.iso.datetime({ offset: true }).transform(text => withinReach(Date.parse(text))),
      z.iso.date().transform(day => withinReach(Date.parse(day) + (side === 'end' ? DAY_MS - 1 : 0))),
    ],
    problem('time'),
  )

// PostgreSQL takes no year 0; CRAT has nothing older than computers.
function withinReach(time: number): Date {
  return new Date(Math.min(Math.max(time, 0), Date.UTC(9999, 0)))
}
