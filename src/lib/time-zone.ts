const DAY_MS = 86_400_000

const NAME = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/

export function isTimeZone(name: string): boolean {
  return NAME.test(name) && formatterOf(name) !== null
}

/** Each takes tens of kilobytes outside the heap. */
const MOST_KEPT = 200
const formatters = new Map<string, Intl.DateTimeFormat | null>()

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    if (formatters.size >= MOST_KEPT) formatters.clear()
    formatter = makeFormatter(zone)
    formatters.set(zone, formatter)
  }
  return formatter
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | null {
  const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' } as const
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, ...digits, minute: 'numeric', second: 'numeric' },
      ...{ hourCycle: 'h23', calendar: 'gregory' },
    })
  } catch {
    return null
  }
}

/** What a clock in the zone shows at an instant: a time in UTC that reads the same. */
export function localTime(zone: string, instant: number): number {
  const parts = formatterOf(zone)?.formatToParts(instant) ?? []
  const part = (type: string) => Number(parts.find(each => each.type === type)?.value)
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')]
  return Date.UTC(part('year'), part('month') - 1, part('day'), hour, minute, second)
}

const offsetAt = (zone: string, instant: number) => localTime(zone, instant) - instant

/**
 * When a clock in the zone shows a local time: the first instant where it does so twice, and the instant at which the
 * clock skips it where it never does.
 */
export function instantOf(zone: string, local: number): number {
  const before = offsetAt(zone, local - DAY_MS)
  const after = offsetAt(zone, local + DAY_MS)
  const early = local - before
  if (before === after || offsetAt(zone, early) === before) return early
  const late = local - after
  return offsetAt(zone, late) === after ? late : skipBetween(zone, late, early, after)
}

/** Zones change on whole minutes. */
function skipBetween(zone: string, from: number, to: number, offset: number): number {
  let [low, high] = [from, to]
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000
    if (offsetAt(zone, middle) === offset) high = middle
    else low = middle
  }
  return high
}
