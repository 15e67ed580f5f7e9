import * as z from 'zod'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { nextTime } from '../lib/cron.ts'
import { describedAs } from '../lib/input-schemas.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { problem } from '../lib/validation.ts'

const FIELD = '[*0-9A-Za-z,/-]+'

export const schedule = describedAs(
  z
    .string(problem('text'))
    .max(200, problem('too_long', { max: 200 }))
    .trim()
    .transform(text => text.replace(/\s+/g, ' '))
    .refine(text => text === '' || nextTime(text, 'UTC', new Date()) !== null, problem('schedule')),
  { type: 'string', maxLength: 200, pattern: `^( *|${FIELD}( ${FIELD}){4})$` },
)

export const scheduleTimezone = describedAs(
  z.string(problem('text')).trim().refine(isTimeZone, problem('time_zone')),
  { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_+/-]*$' },
)

type Scheduled = Pick<TestItem, 'schedule' | 'scheduleTimezone'>

export function nextStart({ schedule, scheduleTimezone }: Scheduled, after: Date): Date | null {
  return schedule === null ? null : nextTime(schedule, scheduleTimezone, after)
}
