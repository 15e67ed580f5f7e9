import * as z from 'zod'
import { buildShape, presentBuild } from '../builds/builds.handlers.ts'
import { endpoint } from '../http/endpoint.ts'
import { jobParams, pageQuery } from '../http/input.ts'
import { message, page, presentPage, time } from '../http/shapes.ts'
import { syncDueJobs } from './auto-sync.ts'
import * as jobVersions from './job-versions.ts'
import { deleteJobVersion } from './jobs.ts'
import { selectBuild, selectionInput, syncJob } from './select-build.ts'

const jobVersionShape = z
  .object({
    id: z.int(),
    job_name: z.string(),
    selected_build: buildShape.nullable(),
    auto_sync_enabled: z.boolean(),
    last_sync_time: time,
    updated_at: time,
  })
  .meta({ id: 'JobVersion' })

const selectionShape = z.object({
  build: buildShape.nullable(),
  selected_by: z.string(),
  reason: z.enum(['manual', 'auto', 'first']),
  selected_at: time,
})

function presentJobVersion(job: jobVersions.SelectedJob) {
  return {
    id: job.id,
    job_name: job.jobName,
    selected_build: job.selectedBuild && presentBuild(job.selectedBuild),
    auto_sync_enabled: job.autoSyncEnabled,
    last_sync_time: job.lastSyncTime,
    updated_at: job.updatedAt,
  }
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
  handle: async ctx => (await jobVersions.listJobVersions(ctx.db)).map(presentJobVersion),
})

export const get = endpoint({
  summary: 'Get a job with the build that is tested',
  params: jobParams,
  answers: { 200: jobVersionShape },
  handle: async (ctx, { params }) =>
    presentJobVersion(await jobVersions.getJobVersion(ctx.db, params.job_name)),
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
  handle: async (ctx, { body, person }) => presentJobVersion(await selectBuild(ctx, body, person)),
})

export const sync = endpoint({
  summary: 'Move a job to its newest build now',
  params: jobParams,
  answers: { 200: jobVersionShape },
  handle: async (ctx, { params, person }) => presentJobVersion(await syncJob(ctx, params.job_name, person)),
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
