/** One moment of a load test: `t` in seconds since its start, `errors` since the point before. */
export interface LoadPoint {
  t: number
  users_planned: number
  users: number
  rps: number
  p95_ms: number | null
  errors: number
}

export interface LoadResult {
  p95_ms: number | null
  rps: number
  error_rate: number
  /** The thresholds that were broken: `p95_ms 812 > 500`. */
  breaches: string[]
}
