import * as z from 'zod'
import { buildShape, presentBuild } from '../builds/builds.handlers.ts'
import type { StepModel as Step } from '../generated/prisma/models.ts'
import { time } from '../http/shapes.ts'
import { OUTCOMES } from '../lib/report-summary.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import { RUN_TRIGGERS } from '../lib/run-trigger.ts'
import { masked } from '../lib/secrets.ts'
import { presentTestItem, testItemShape } from '../test-items/test-items.handlers.ts'
import {
  attemptShape,
  memberShape,
  presentAttempts,
  presentMember,
  presentWait,
  summaryShape,
  waitShape,
} from './run-environments.shape.ts'
import { type FullRun, sentParameters } from './runs.ts'

const json = z.looseObject({}).nullable()
const count = z.int()

const stepShape = z
  .object({
    name: z.enum(['download', 'test', 'monitor', 'notify']),
    status: z.enum(['RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED']),
    attempt: z.int(),
    start_time: time,
    end_time: time.nullable(),
    details: json,
    progress: json,
    error: z.string().nullable(),
  })
  .meta({ id: 'Step' })

const loadShape = z
  .object({
    ...{ p95_ms: z.number().nullable(), rps: z.number(), error_rate: z.number() },
    breaches: z.array(z.string()).describe('The thresholds that were broken'),
  })
  .meta({ id: 'Load' })

const changesShape = z
  .object({ new_failures: count, still_failing: count, fixed: count, flaky: count })
  .meta({ id: 'Changes' })

export const runShape = z
  .object({
    id: z.int(),
    test_item_id: z.int(),
    test_item: testItemShape,
    build_info_id: z.int().nullable(),
    build_info: buildShape.nullable(),
    parameter_set_id: z.int().nullable(),
    parameters: z.looseObject({}),
    triggered_by: z.string(),
    trigger: z.enum(RUN_TRIGGERS).describe('What triggered it'),
    cancelled_by: z.string().nullable(),
    status: z.enum(RUN_STATUSES),
    outcome: z.enum(OUTCOMES).nullable(),
    queue_position: z.int().nullable(),
    job_name: z.string(),
    build_number: z.int(),
    download_url: z.string().nullable(),
    download_path: z.string().nullable(),
    package_sha256: z.string().nullable(),
    package_size: z.int().nullable(),
    script_bundle: z.string().nullable(),
    script_bundle_version: z.int().nullable(),
    scripts_sha256: z
      .string()
      .nullable()
      .describe('Of the test scripts that are used instead of those in the package'),
    task_id: z.string().nullable(),
    report_url: z.string().nullable(),
    summary: summaryShape.nullable(),
    load: loadShape.nullable().describe('Where it was a load test'),
    changes: changesShape
      .nullable()
      .describe('Tests beside those of the finished run before it, where both are known'),
    flaky_tests: z
      .int()
      .nullable()
      .describe('Tests that passed and failed on this build, such as those that passed when run again'),
    steps: z.array(stepShape),
    error_message: z.string().nullable(),
    error_code: z.string().nullable(),
    response_raw_data: z.unknown(),
    max_query_hours: z.number(),
    query_interval: z.number(),
    query_timeout: z.number(),
    created_at: time,
    updated_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
    retry_of: z.int().nullable(),
    environment_id: z.int().nullable(),
    environment: z.string().nullable().describe('Its name; null until the run starts'),
    attempt: z.int(),
    environments: z.array(memberShape).describe('Of this attempt: more than one where the run needs several'),
    attempts: z.array(attemptShape).describe('The attempts that ended or are under way, oldest first'),
    waiting_for: waitShape.nullable().describe('Why a queued run does not start yet'),
  })
  .meta({ id: 'Run' })

function presentStep(step: Step) {
  return {
    name: step.name,
    status: step.status,
    attempt: step.attempt,
    start_time: step.startTime,
    end_time: step.endTime,
    details: masked(step.details),
    progress: step.progress,
    error: step.error,
  }
}

function presentChanges(comparison: FullRun['comparison']) {
  if (!comparison || comparison.previousRunId === null) return null
  const { newFailures, stillFailing, fixed, flaky } = comparison
  return { new_failures: newFailures, still_failing: stillFailing, fixed, flaky }
}

export function presentRun(run: FullRun) {
  return {
    id: run.id,
    test_item_id: run.testItemId,
    test_item: presentTestItem(run.testItem),
    build_info_id: run.buildId,
    build_info: run.build && presentBuild(run.build),
    parameter_set_id: run.parameterSetId,
    parameters: masked(sentParameters(run)),
    triggered_by: run.triggeredBy,
    trigger: run.trigger,
    cancelled_by: run.cancelledBy,
    status: run.status,
    outcome: run.outcome,
    queue_position: run.forecast?.position ?? null,
    job_name: run.jobName,
    build_number: run.buildNumber,
    download_url: run.downloadUrl,
    download_path: run.downloadPath,
    package_sha256: run.packageSha256,
    package_size: run.packageSize === null ? null : Number(run.packageSize),
    script_bundle: run.scriptBundle,
    script_bundle_version: run.scriptBundleVersion,
    scripts_sha256: run.scriptsSha256,
    task_id: run.taskId,
    report_url: run.reportUrl,
    summary: run.summary,
    load: run.load,
    changes: presentChanges(run.comparison),
    flaky_tests: run.flakyTests,
    steps: run.steps.map(presentStep),
    error_message: run.errorMessage,
    error_code: run.errorKey?.slice(run.errorKey.indexOf(':') + 1) ?? null,
    response_raw_data: masked(run.responseRawData),
    max_query_hours: run.maxQueryHours,
    query_interval: run.queryInterval,
    query_timeout: run.queryTimeout,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    retry_of: run.retryOf,
    environment_id: run.environmentId,
    environment: run.environmentName,
    attempt: run.attempt,
    environments: run.environments.filter(({ attempt }) => attempt === run.attempt).map(presentMember),
    attempts: presentAttempts(run.environments),
    waiting_for: presentWait(run.forecast?.wait ?? null),
  }
}
