import { z } from 'zod'
import type { Context } from '../context.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { parseInput } from '../http/input.ts'
import { type Form, fieldsOf, offsetOf, page, press, submitForm, type Visit } from '../http/page.ts'
import { flash } from '../http/view.ts'
import { searchJobs } from '../job-versions/job-list.ts'
import {
  autoSync,
  getJobVersion,
  listSelections,
  selectBuild,
  selectionInput,
  setAutoSync,
  syncJob,
} from '../job-versions/job-versions.ts'
import { buildUrl, packageUrl } from '../lib/links.ts'
import { getSettings, type Settings } from '../settings/settings.ts'
import { announceCommand } from './announce-command.ts'
import { addJob, deleteBuild, deleteJob, getBuild, jobName, listBuilds } from './builds.ts'
import { pruneBuilds } from './prune.ts'
import { searchBuilds } from './search.ts'

const JOBS_PER_PAGE = 15
const SELECTIONS_SHOWN = 8

const urlOfJob = (name: string) => `/builds?job_name=${encodeURIComponent(name)}`

/** All jobs, or with `?job_name=` one of them. Opening it moves jobs that are due to their newest build. */
export const showBuilds = page('user', async (ctx, visit) => {
  const settings = await getSettings(ctx.db)
  await autoSync(ctx, settings.auto_sync_interval_hours)
  const name = fieldsOf(visit.req.query).job_name
  if (name) await renderJob(ctx, visit, name, settings)
  else await renderJobs(ctx, visit, settings)
})

async function renderJobs(ctx: Context, visit: Visit, settings: Settings, form?: Form, status?: number) {
  const query = fieldsOf(visit.req.query)
  const search = query.q?.trim().slice(0, 200) || undefined
  const newest = { limit: 10, offset: offsetOf(query.offset) }
  const [jobs, builds] = await Promise.all([
    searchJobs(ctx.db, { search, limit: JOBS_PER_PAGE, offset: offsetOf(query.jobs_offset) }),
    search ? searchBuilds(ctx.db, search, newest) : listBuilds(ctx.db, newest),
  ])
  const locals = { jobs, builds, search, form, links: linksFor(settings), ...howToAnnounce(ctx, 'CDN/Core') }
  ctx.view.render(visit.res, 'pages/builds', locals, status)
}

async function renderJob(ctx: Context, { req, res }: Visit, name: string, settings: Settings) {
  const [job, builds, history, items] = await Promise.all([
    getJobVersion(ctx.db, name),
    listBuilds(ctx.db, { jobName: name, limit: 20, offset: offsetOf(fieldsOf(req.query).offset) }),
    listSelections(ctx.db, name, { limit: SELECTIONS_SHOWN, offset: 0 }),
    ctx.db.testItem.findMany({ where: { jobName: name }, orderBy: { name: 'asc' } }),
  ])
  ctx.view.render(res, 'pages/job', {
    job,
    builds,
    items,
    history: history.data,
    intervalHours: settings.auto_sync_interval_hours,
    links: linksFor(settings),
    ...howToAnnounce(ctx, name),
  })
}

function linksFor(settings: Settings) {
  return (build: Build) => ({
    jenkins: buildUrl(settings.package_build_info_base_url, build.jobName, build.buildNumber),
    package: packageUrl(settings.package_download_base_url, build.packagePath),
  })
}

function howToAnnounce({ config }: Context, job: string) {
  const needsToken = config.webhookToken !== null
  return { needsToken, curl: announceCommand(config.publicUrl, needsToken, job) }
}

const chosenBuild = z.preprocess(
  typed => {
    const { job_name, build_id } = fieldsOf(typed)
    return { job_name, build_id: Number(build_id) }
  },
  selectionInput.pick({ job_name: true, build_id: true }),
)
const chosenJob = z.object({ job_name: jobName })

const buildIn = (body: unknown) => parseInput(chosenBuild, body)
const jobIn = (body: unknown) => parseInput(chosenJob, body).job_name

export const pressSelect = page('user', async (ctx, { req, res, person }) => {
  const input = buildIn(req.body)
  await press(res, urlOfJob(input.job_name), async () => {
    const job = await selectBuild(ctx, input, person.email)
    const number = job.selectedBuild?.buildNumber ?? 0
    flash(res, 'done', 'pages:flash.build_selected', { job: job.jobName, number })
    return undefined
  })
})

export const pressSync = page('user', async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await press(res, urlOfJob(name), async () => {
    const job = await syncJob(ctx, name, person.email)
    const number = job.selectedBuild?.buildNumber ?? 0
    flash(res, 'done', 'pages:flash.synced', { job: name, number })
    return undefined
  })
})

export const pressAutoSync = page('user', async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await press(res, urlOfJob(name), async () => {
    const enabled = fieldsOf(req.body).enabled === 'true'
    await setAutoSync(ctx, name, enabled, person.email)
    flash(res, 'done', enabled ? 'pages:flash.auto_sync_on' : 'pages:flash.auto_sync_off', { job: name })
    return undefined
  })
})

export const pressPrune = page('admin', async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await press(res, urlOfJob(name), async () => {
    flash(res, 'done', 'pages:flash.pruned', await pruneBuilds(ctx, name, ctx.probePackage, person.email))
    return undefined
  })
})

export const pressDeleteBuild = page('admin', async (ctx, { req, res, person }) => {
  const { job_name, build_id } = buildIn(req.body)
  await press(res, urlOfJob(job_name), async () => {
    const build = await getBuild(ctx.db, build_id)
    await deleteBuild(ctx, build.id, person.email)
    flash(res, 'done', 'pages:flash.build_deleted', { job: build.jobName, number: build.buildNumber })
    return undefined
  })
})

export const submitJob = page('admin', (ctx, visit) =>
  submitForm(
    visit,
    async () => {
      const name = jobIn(visit.req.body)
      await addJob(ctx, name, visit.person.email)
      flash(visit.res, 'done', 'pages:flash.job_added', { job: name })
      return urlOfJob(name)
    },
    async (form, status) => renderJobs(ctx, visit, await getSettings(ctx.db), form, status),
    'job_name',
  ),
)

export const pressDeleteJob = page('admin', async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await press(res, urlOfJob(name), async () => {
    await deleteJob(ctx, name, person.email)
    flash(res, 'done', 'pages:flash.job_deleted', { job: name })
    return '/builds'
  })
})
