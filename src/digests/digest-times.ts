import { nextTimes } from '../lib/cron.ts'
import type { Settings } from '../settings/definitions.ts'
import { WEEKDAYS } from '../settings/setting-schemas.ts'

const DAY_MS = 24 * 3_600_000

/** A week, but for a clock that is put forward and for a day that an admin moves. */
export const LEAST_DAYS = 6
const MOST_DAYS = 14

/** The last time that the settings name. */
export function lastTime(settings: Settings, now: Date): Date | null {
  const { digest_weekday: weekday, digest_hour: hour, digest_timezone: zone } = settings
  const schedule = `0 ${hour} * * ${WEEKDAYS.indexOf(weekday)}`
  return nextTimes(schedule, zone, daysBefore(now, 8), 2).findLast(time => time <= now) ?? null
}

export const isSoonAfter = (due: Date, last: Date): boolean => last > daysBefore(due, LEAST_DAYS)

/** The time of the last digest, so that no run is in none or in two of them. */
export function startOfWeek(due: Date, last = daysBefore(due, 7)): Date {
  return new Date(Math.max(last.getTime(), daysBefore(due, MOST_DAYS).getTime()))
}

function daysBefore(time: Date, days: number): Date {
  return new Date(time.getTime() - days * DAY_MS)
}
