import { z } from 'zod'
import { line } from '../lib/fields.ts'
import { problem } from '../lib/validation.ts'

export const url = line(1000).refine(isHttpUrl, problem('url'))

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text) && new URL(text).hostname !== ''
}

export const number = (min: number, max: number, unit: 'seconds' | 'hours' | 'days') => {
  const wrong = problem(unit, { min, max })
  return z
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
}

export const count = (min: number, max: number) => {
  const wrong = problem('whole_number', { min, max })
  return z
    .union([z.number(), z.string().trim().regex(/^\d+$/, wrong).transform(Number)], wrong)
    .pipe(z.number(wrong).int(wrong).min(min, wrong).max(max, wrong))
}

export const flag = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')],
  problem('boolean'),
)
