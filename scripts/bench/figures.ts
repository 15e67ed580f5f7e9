export type Unit = '/s' | 'ms' | 's' | 'MB' | 'MB/s' | 'B' | '%'

/** One thing that was measured. */
export interface Figure {
  name: string
  unit: Unit
  /** null: there is none, and the note says why. */
  ours: number | null
  /** What this machine does at most: the same without CRAT, measured in the same run. */
  machine?: number
  /** The same with a small database. */
  small?: number
  /** What the server of `--beside` does. */
  beside?: number
  target?: Target
  note?: string
}

export interface Target {
  text: string
  met: boolean
}

/** Fewer is better. */
export function atMost(limit: number, unit: Unit | '×', value: number | null): Target {
  return { text: `≤ ${format(limit, unit)}`, met: value !== null && value <= limit }
}

/** More is better. */
export function atLeast(limit: number, unit: Unit | '×', value: number | null): Target {
  return { text: `≥ ${format(limit, unit)}`, met: value !== null && value >= limit }
}

/** Ours beside what the machine does. */
export function ratioOf({ ours, machine }: Figure): number | null {
  return ours === null || !machine ? null : ours / machine
}

/** How many times slower it is with the big database. */
export function growthOf({ unit, ours, small }: Figure): number | null {
  if (!ours || !small) return null
  return unit === '/s' || unit === 'MB/s' ? small / ours : ours / small
}

/** A figure as a person reads it: three digits that count. */
export function format(value: number | null | undefined, unit: Unit | '×'): string {
  if (value === null || value === undefined) return ''
  const digits = Math.min(2, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1))))
  const text = value.toLocaleString('en', { maximumFractionDigits: digits })
  return unit === '/s' || unit === '%' ? `${text}${unit}` : `${text} ${unit}`
}
