import * as z from 'zod'
import { line } from '../lib/fields.ts'
import { describedAs } from '../lib/input-schemas.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { problem } from '../lib/validation.ts'

const LABEL = '[A-Za-z](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?'
const BYTE = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`
const HOST = String.raw`(?:${LABEL}(?:\.${LABEL})*|(?:${BYTE}\.){3}${BYTE})`

export const url = describedAs(line(1000).refine(isHttpUrl, problem('url')), {
  ...{ type: 'string', format: 'uri', maxLength: 1000 },
  pattern: String.raw`^https?://${HOST}(?::[1-9]\d{0,3})?(?:/[\w./~-]*)?$`,
})

const DOMAIN = String.raw`(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}`

export const domain = describedAs(
  line(255)
    .transform(text => text.toLowerCase())
    .refine(text => new RegExp(`^(${DOMAIN})?$`).test(text), problem('domain')),
  { type: 'string', maxLength: 255, pattern: `^(${DOMAIN})?$` },
)

export const WEEKDAYS = [
  ...(['sunday', 'monday', 'tuesday', 'wednesday'] as const),
  ...(['thursday', 'friday', 'saturday'] as const),
]

export const timeZone = describedAs(
  z.string(problem('text')).trim().refine(isTimeZone, problem('time_zone')),
  { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_+/-]*$' },
)

function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  return /^([a-z\d._-]+|\[[\da-f:.]+\])$/.test(new URL(text).hostname)
}

export const number = (min: number, max: number, unit: 'seconds' | 'hours' | 'days') => {
  const wrong = problem(unit, { min, max })
  const schema = z
    .union(
      [
        z.number(),
        z
          .string()
          .trim()
          .regex(/^\d+(\.\d+)?$/, wrong)
          .transform(Number),
      ],
      wrong,
    )
    .pipe(z.number(wrong).min(min, wrong).max(max, wrong))
  // A form sends it as text, which a program has no need to.
  return describedAs(schema, { type: 'number', minimum: min, maximum: max })
}

export const count = (min: number, max: number) => {
  const wrong = problem('whole_number', { min, max })
  const schema = z
    .union([z.number(), z.string().trim().regex(/^\d+$/, wrong).transform(Number)], wrong)
    .pipe(z.number(wrong).int(wrong).min(min, wrong).max(max, wrong))
  return describedAs(schema, { type: 'integer', minimum: min, maximum: max })
}

export const flag = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')],
  problem('boolean'),
)
