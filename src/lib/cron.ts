import cron from 'node-cron'
import { instantOf, localTime } from './time-zone.ts'

/** Of a schedule in cron's five fields; a day is one of both lists where both are limited, as in cron. */
interface Fields {
  /** Of the day, in minutes, in order. */
  times: number[]
  months: Set<number>
  isDay: (dayOfMonth: number, dayOfWeek: number) => boolean
}

const DAY_MS = 86_400_000
/** From one 29 February to the next may be eight years. */
const MOST_DAYS = 9 * 366
const PLAIN_FIELD = /^(\*|[0-9a-z]+(-[0-9a-z]+)?)(\/[0-9]+)?(,(\*|[0-9a-z]+(-[0-9a-z]+)?)(\/[0-9]+)?)*$/i

/** Returns null if it is not in cron's five fields: minute, hour, day of the month, month, day of the week. */
function readFields(schedule: string): Fields | null {
  const texts = schedule.trim().split(/\s+/)
  if (texts.length !== 5 || !texts.every(text => PLAIN_FIELD.test(text)) || !cron.validate(schedule))
    return null
  const { minute, hour, dayOfMonth, month, dayOfWeek } = cron.parse(schedule)
  if (![...dayOfMonth, ...dayOfWeek].every(value => typeof value === 'number')) return null
  return {
    times: sorted(hour).flatMap(each => sorted(minute).map(after => each * 60 + after)),
    months: new Set(month),
    isDay: dayMatcher(new Set(dayOfMonth), new Set(dayOfWeek)),
  }
}

const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b)

function dayMatcher(ofMonth: Set<unknown>, ofWeek: Set<unknown>): Fields['isDay'] {
  const either = ofMonth.size < 31 && ofWeek.size < 7
  return (day, weekday) =>
    either ? ofMonth.has(day) || ofWeek.has(weekday) : ofMonth.has(day) && ofWeek.has(weekday)
}

/**
 * The first time of a schedule after `after`; null if it has none. Each local time counts once: the first, where the
 * clock shows it twice; where the clock skips some, they are one time, at the moment of the jump.
 */
export function nextTime(schedule: string, timeZone: string, after: Date): Date | null {
  const fields = readFields(schedule)
  if (!fields) return null
  const local = localTime(timeZone, after.getTime())
  // The clock may just have been put back over midnight.
  const firstDay = Math.floor(local / DAY_MS) - 1
  for (let day = firstDay; day < firstDay + MOST_DAYS; day += 1) {
    const found = isDay(fields, day) && firstOnDay(fields, timeZone, day * DAY_MS, after.getTime())
    if (found) return new Date(found)
  }
  return null
}

function isDay({ months, isDay }: Fields, day: number): boolean {
  const date = new Date(day * DAY_MS)
  return months.has(date.getUTCMonth() + 1) && isDay(date.getUTCDate(), date.getUTCDay())
}

/** Later times of a day are never earlier instants. */
function firstOnDay({ times }: Fields, timeZone: string, midnight: number, after: number): number | null {
  const instantAt = (place: number) => instantOf(timeZone, midnight + (times[place] ?? 0) * 60_000)
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (instantAt(middle) > after) high = middle
    else low = middle + 1
  }
  return low < times.length ? instantAt(low) : null
}

export function nextTimes(schedule: string, timeZone: string, after: Date, count: number): Date[] {
  const times: Date[] = []
  for (let time = nextTime(schedule, timeZone, after); time && times.length < count; ) {
    times.push(time)
    time = nextTime(schedule, timeZone, time)
  }
  return times
}
