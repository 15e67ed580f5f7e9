import * as z from 'zod'
import { time } from '../http/shapes.ts'
import { OUTCOMES } from '../lib/report-summary.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import type { FullRun } from './runs.ts'
import type { Wait } from './schedule.ts'

const count = z.int()
const milliseconds = z.number().nullable()

export const summaryShape = z
  .object({
    ...{ passed: count, failed: count, broken: count, skipped: count, unknown: count, total: count },
    pass_rate: z.number().nullable().describe('Percent of all tests'),
    ...{ start: time.nullable(), stop: time.nullable() },
    ...{ duration_ms: milliseconds, min_duration_ms: milliseconds },
    ...{ max_duration_ms: milliseconds, sum_duration_ms: milliseconds },
  })
  .meta({ id: 'Summary' })

export const memberShape = z
  .object({
    index: z.int(),
    environment_id: z.int().nullable(),
    name: z.string(),
    task_id: z.string().nullable(),
    status: z.enum(RUN_STATUSES),
    outcome: z.enum(OUTCOMES).nullable(),
    report_url: z.string().nullable(),
    error: z.string().nullable(),
    summary: summaryShape.nullable().describe('Where the run has several environments'),
  })
  .meta({ id: 'RunEnvironment' })

export const attemptShape = z
  .object({
    attempt: z.int(),
    environments: z.array(z.string()),
    started_at: time,
    ended_at: time.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Attempt' })

export const waitShape = z
  .object({ reason: z.enum(['busy', 'none_ready', 'no_match', 'together']), have: count, need: count })
  .meta({ id: 'Wait' })

export function presentMember(member: FullRun['environments'][number]) {
  return {
    index: member.position,
    environment_id: member.environmentId,
    name: member.environmentName,
    task_id: member.taskId,
    status: member.status,
    outcome: member.outcome,
    report_url: member.reportUrl,
    error: member.errorMessage,
    summary: member.summary,
  }
}

export function presentAttempts(environments: FullRun['environments']) {
  return [...Map.groupBy(environments, ({ attempt }) => attempt)].map(([attempt, members]) => ({
    attempt,
    environments: members.map(({ environmentName }) => environmentName),
    started_at: members[0]?.startedAt,
    ended_at: members[0]?.endedAt ?? null,
    error: members.find(({ errorMessage }) => errorMessage)?.errorMessage ?? null,
  }))
}

export function presentWait(wait: Wait | null) {
  return wait && { reason: wait.reason, have: wait.have, need: wait.need }
}
