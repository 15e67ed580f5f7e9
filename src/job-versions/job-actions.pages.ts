import * as z from 'zod'
import { jobName } from '../builds/announcement.ts'
import { deleteBuild, getBuild } from '../builds/builds.ts'
import { pruneBuilds } from '../builds/prune.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import { fieldsOf, formAction, page } from '../http/page.ts'
import { localUrl } from '../lib/local-url.ts'
import { setAutoSync } from './auto-sync.ts'
import { urlOfJob } from './job.pages.ts'
import { deleteJob } from './jobs.ts'
import { selectBuild, selectionInput, syncJob } from './select-build.ts'

const chosenBuild = z.preprocess(
  typed => {
    const { job_name, build_id } = fieldsOf(typed)
    return { job_name, build_id: Number(build_id) }
  },
  selectionInput.pick({ job_name: true, build_id: true }),
)

const chosenJob = z.object({ job_name: jobName })
const buildIn = (body: unknown) => parseInput(chosenBuild, body)
export const jobIn = (body: unknown) => parseInput(chosenJob, body).job_name

export const selectAction = page(async (ctx, { req, res, person }) => {
  const input = buildIn(req.body)
  const { back } = fieldsOf(req.body)
  await formAction(res, back ? localUrl(back) : urlOfJob(input.job_name), async () => {
    const job = await selectBuild(ctx, input, person)
    const number = job.selectedBuild?.buildNumber ?? 0
    flash(res, 'done', 'pages:flash.build_selected', { job: job.jobName, number })
    return undefined
  })
})

export const syncAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    const job = await syncJob(ctx, name, person)
    const number = job.selectedBuild?.buildNumber ?? 0
    flash(res, 'done', 'pages:flash.synced', { job: name, number })
    return undefined
  })
})

export const autoSyncAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    const enabled = fieldsOf(req.body).enabled === 'true'
    await setAutoSync(ctx, name, enabled, person)
    flash(res, 'done', enabled ? 'pages:flash.auto_sync_on' : 'pages:flash.auto_sync_off', { job: name })
    return undefined
  })
})

export const pruneAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    flash(res, 'done', 'pages:flash.pruned', await pruneBuilds(ctx, name, ctx.probePackage, person))
    return undefined
  })
})

export const deleteBuildAction = page(async (ctx, { req, res, person }) => {
  const { job_name, build_id } = buildIn(req.body)
  await formAction(res, urlOfJob(job_name), async () => {
    const build = await getBuild(ctx.db, build_id)
    await deleteBuild(ctx, build.id, person)
    flash(res, 'done', 'pages:flash.build_deleted', { job: build.jobName, number: build.buildNumber })
    return undefined
  })
})

export const deleteJobAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    await deleteJob(ctx, name, person)
    flash(res, 'done', 'pages:flash.job_deleted', { job: name })
    return '/builds'
  })
})
