import { storable } from '../lib/text.ts'

const EARLIEST = Date.UTC(1990, 0, 1)
const LATEST = Date.UTC(2200, 0, 1)

/** Null for what Go writes where nothing is known, 0001-01-01, and for what is no date. */
export function timeIn(text: string | null | undefined): Date | null {
  const time = text ? Date.parse(text.replace(/^(\S+) /, '$1T').replace(/([+-]\d\d)$/, '$1:00')) : Number.NaN
  return time >= EARLIEST && time <= LATEST ? new Date(time) : null
}

export function integerIn(text: string | null | undefined, min: number, max: number): number | null {
  if (!text || !/^-?\d{1,15}$/.test(text)) return null
  const value = Number(text)
  return value >= min && value <= max ? value : null
}

/** Undefined for what does not parse. */
export function jsonIn(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return null
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

export const textIn = (text: string | null | undefined): string | null => (text ? storable(text) : null)

/** JSON for PostgreSQL: as it is written, so that long numbers stay exact. */
export function storableJson(text: string, value: unknown): string {
  return /\\u(0000|d[89a-f])|__proto__/i.test(text) ? JSON.stringify(storable(value)) : text
}
