import type { Locale } from './i18n.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

// Intl's formatters take tens of kilobytes outside the heap, and longer to make than to use.
const MOST_KEPT = 200
const kept = new Map<string, unknown>()

function once<Formatter>(make: new (locale: string, options: object) => Formatter) {
  return (locale: string, options: object): Formatter => {
    const key = `${make.name} ${locale} ${JSON.stringify(options)}`
    let formatter = kept.get(key) as Formatter | undefined
    if (!formatter) {
      if (kept.size >= MOST_KEPT) kept.clear()
      formatter = new make(locale, options)
      kept.set(key, formatter)
    }
    return formatter
  }
}

const numberFormat = once(Intl.NumberFormat)
const durationFormat = once(Intl.DurationFormat)
const relativeFormat = once(Intl.RelativeTimeFormat)
const dateTimeFormat = once(Intl.DateTimeFormat)

export function formatNumber(locale: Locale, value: number, digits = 0): string {
  return numberFormat(locale, { maximumFractionDigits: digits }).format(value)
}

/** `value` is 0–100. Rounds down, so that 99.96 is 99.9% and not 100%. */
export function formatPercent(locale: Locale, value: number): string {
  const tenths = Math.floor(value * 10) / 10
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(tenths / 100)
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function formatBytes(locale: Locale, bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length - 1)
  const value = bytes / 1000 ** power
  return numberFormat(locale, {
    style: 'unit',
    unit: BYTE_UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
  }).format(value)
}

const SHOW_ZERO = { millisecondsDisplay: 'always' } as const

export function formatDuration(locale: Locale, ms: number): string {
  const format = durationFormat(locale, { style: 'narrow', ...(ms < SECOND && SHOW_ZERO) })
  if (ms < SECOND) return format.format({ milliseconds: Math.max(0, Math.round(ms)) })
  const whole = Math.round(ms / SECOND) * SECOND
  const days = Math.floor(whole / DAY)
  const hours = Math.floor((whole % DAY) / HOUR)
  const minutes = Math.floor((whole % HOUR) / MINUTE)
  const seconds = Math.floor((whole % MINUTE) / SECOND)
  if (days) return format.format({ days, hours })
  if (hours) return format.format({ hours, minutes })
  if (minutes) return format.format({ minutes, seconds })
  return format.format({ seconds })
}

const RELATIVE_UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const

export function formatRelative(locale: Locale, at: Date, now: Date): string {
  const format = relativeFormat(locale, { numeric: 'auto' })
  const difference = at.getTime() - now.getTime()
  const distance = Math.abs(difference)
  if (distance < 45 * SECOND) return format.format(0, 'second')
  for (const [unit, length] of RELATIVE_UNITS) {
    if (distance >= length) return format.format(Math.trunc(difference / length), unit)
  }
  return format.format(Math.sign(difference), 'minute')
}

// The Swedish locale formats dates as ISO 8601, the usual order in China: 2026-11-26 14:03:12 UTC.
const DATE_LOCALE = { en: 'en-GB', 'zh-CN': 'sv-SE' } as const

export function formatDateTime(locale: Locale, at: Date, timeZone = 'UTC'): string {
  return dateTimeFormat(DATE_LOCALE[locale], {
    year: 'numeric',
    month: locale === 'en' ? 'short' : '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
    timeZoneName: 'short',
  }).format(at)
}

export type Formatters = ReturnType<typeof formattersFor>

export function formattersFor(locale: Locale, timeZone: string) {
  const now = new Date()
  return {
    now,
    number: (value: number, digits?: number) => formatNumber(locale, value, digits),
    percent: (value: number) => formatPercent(locale, value),
    bytes: (value: number) => formatBytes(locale, value),
    duration: (ms: number) => formatDuration(locale, ms),
    relative: (at: Date) => formatRelative(locale, at, now),
    dateTime: (at: Date) => formatDateTime(locale, at, timeZone),
    dateTimeIn: (at: Date, zone: string) => formatDateTime(locale, at, zone),
  }
}
