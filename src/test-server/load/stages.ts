import * as z from 'zod'
import { duration } from '../services/quantities.ts'

const MAX_USERS = 1_000_000

/** A stretch of a load test: so many users, that many more or fewer of them each second until they are reached. */
const stage = z.strictObject({
  /** A number is of seconds. */
  duration: z.union([
    z
      .number()
      .positive()
      .transform(seconds => seconds * 1000),
    duration,
  ]),
  users: z.int().min(0).max(MAX_USERS),
  rate: z.number().positive().max(MAX_USERS),
})

export const stages = z.array(stage).min(1).max(100)
export type Stage = z.output<typeof stage>

/** What a load test must keep: the 95th percentile at most, the requests per second at least, the errors at most. */
export const thresholds = z.strictObject({
  p95_ms: z.number().positive().optional(),
  rps: z.number().positive().optional(),
  error_rate: z.number().min(0).max(1).default(0.01),
})
export type Thresholds = z.output<typeof thresholds>

export function chooseStages(submitted: z.input<typeof stages> | undefined, own: Stage[]): Stage[] {
  return submitted ? stages.parse(submitted) : own
}
