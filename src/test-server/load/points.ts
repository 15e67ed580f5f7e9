import { readTextIfAny } from '../files/atomic-file.ts'

export interface LoadPoint {
  /** Seconds since the start. */
  t: number
  users_planned: number
  users: number
  rps: number
  p95_ms: number | null
  /** Requests that failed since the point before. */
  errors: number
}

/** The points of a load test from the `offset`th on. Null where there are not so many. */
export async function readPoints(file: string, offset: number) {
  const lines = ((await readTextIfAny(file)) ?? '').split('\n')
  // What follows the last line break is still being written.
  const whole = lines.slice(0, -1)
  if (offset > whole.length) return null
  const points = whole.slice(offset).map(line => JSON.parse(line) as LoadPoint)
  return { offset, next_offset: whole.length, points }
}
