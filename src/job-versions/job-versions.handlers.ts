import * as z from 'zod'
import { buildShape, presentBuild } from '../builds/builds.handlers.ts'
import type { Context } from '../context.ts'
import { endpoint } from '../http/endpoint.ts'
import { jobParams, pageQuery } from '../http/input.ts'
import { message, page, presentPage, time } from '../http/shapes.ts'
import { syncDueJobs } from './auto-sync.ts'
import { getJobStatus, type JobStatus, listJobStatuses, MOST_NEWER, nextSyncAt } from './job-status.ts'
import * as jobVersions from './job-versions.ts'
import { deleteJobVersion } from './jobs.ts'
import { selectBuild, selectionInput, syncJob } from './select-build.ts'

const jobVersionShape = z
  .object({
    id: z.int(),
    job_name: z.string(),
    selected_build: buildShape.nullable(),
    newest_build: buildShape.nullable(),
    newer_builds: z
      .int()
      .describe(`Builds newer than the selected one: exact below ${MOST_NEWER}, then ${MOST_NEWER}`),
    auto_sync_enabled: z.boolean(),
    last_sync_time: time,
    next_sync_at: time.nullable().describe('When auto-sync moves it to its newest build; null: it does not'),
    updated_at: time,
  })
  .meta({ id: 'JobVersion' })

const selectionShape = z.object({
  build: buildShape.nullable(),
  selected_by: z.string(),
  reason: z.enum(['manual', 'auto', 'first']),
  selected_at: time,
})

function presentJobVersion(job: JobStatus, intervalHours: number) {
  return {
    id: job.id,
    job_name: job.jobName,
    selected_build: job.selectedBuild && presentBuild(job.selectedBuild),
    newest_build: job.newestBuild && presentBuild(job.newestBuild),
    newer_builds: job.newerBuilds,
    auto_sync_enabled: job.autoSyncEnabled,
    last_sync_time: job.lastSyncTime,
    next_sync_at: nextSyncAt(job, intervalHours),
    updated_at: job.updatedAt,
  }
}

async function presentJob(ctx: Context, name: string) {
  const { auto_sync_interval_hours } = await ctx.settings.get()
  return presentJobVersion(await getJobStatus(ctx.pool, name), auto_sync_interval_hours)
}

function presentSelection(selection: jobVersions.Selection) {
  return {
    build: selection.build && presentBuild(selection.build),
    selected_by: selection.selectedBy,
    reason: selection.reason,
    selected_at: selection.selectedAt,
  }
}

export const list = endpoint({
  summary: 'List all jobs with the build of each that is tested',
  answers: { 200: z.array(jobVersionShape) },
  async handle(ctx) {
    const { auto_sync_interval_hours } = await ctx.settings.get()
    const jobs = await listJobStatuses(ctx.pool)
    return jobs.map(job => presentJobVersion(job, auto_sync_interval_hours))
  },
})

export const get = endpoint({
  summary: 'Get a job with the build that is tested',
  params: jobParams,
  answers: { 200: jobVersionShape },
  handle: (ctx, { params }) => presentJob(ctx, params.job_name),
})

export const history = endpoint({
  summary: 'List how the selection of a job changed, newest first',
  params: jobParams,
  query: pageQuery,
  answers: { 200: page(selectionShape) },
  async handle(ctx, { params, query }) {
    const found = await jobVersions.listSelections(ctx.db, params.job_name, query)
    return presentPage(found, presentSelection)
  },
})

export const select = endpoint({
  summary: 'Choose the build of a job that is tested',
  body: selectionInput,
  answers: { 200: jobVersionShape },
  async handle(ctx, { body, person }) {
    await selectBuild(ctx, body, person)
    return presentJob(ctx, body.job_name)
  },
})

export const sync = endpoint({
  summary: 'Move a job to its newest build now',
  params: jobParams,
  answers: { 200: jobVersionShape },
  async handle(ctx, { params, person }) {
    await syncJob(ctx, params.job_name, person)
    return presentJob(ctx, params.job_name)
  },
})

export const autoSync = endpoint({
  summary: 'Move every job that is due to its newest build',
  answers: { 200: message.extend({ sync_count: z.int() }) },
  async handle(ctx, { person }) {
    const { auto_sync_interval_hours } = await ctx.settings.get()
    const count = await syncDueJobs(ctx, auto_sync_interval_hours, person.email)
    return { message: `${count} ${count === 1 ? 'job' : 'jobs'} synced`, sync_count: count }
  },
})

export const remove = endpoint({
  summary: 'Delete the selection of a job and its history',
  params: jobParams,
  answers: { 200: message },
  async handle(ctx, { params, person }) {
    await deleteJobVersion(ctx, params.job_name, person)
    return { message: 'Job version deleted' }
  },
})
