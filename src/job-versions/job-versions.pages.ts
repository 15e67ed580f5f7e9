import { z } from 'zod'
import { announceCommand } from '../builds/announce-command.ts'
import { deleteBuild, getBuild, jobName, listBuilds } from '../builds/builds.ts'
import { pruneBuilds } from '../builds/prune.ts'
import { searchBuilds } from '../builds/search.ts'
import type { Context } from '../context.ts'
import type { PageOf } from '../database/store.ts'
import type { BuildModel as Build, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  offsetOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { buildUrl, packageUrl } from '../lib/links.ts'
import { getSettings, type Settings } from '../settings/settings.ts'
import {
  autoSync,
  getJobVersion,
  listSelections,
  type SelectedJob,
  type Selection,
  selectBuild,
  selectionInput,
  setAutoSync,
  syncJob,
} from './job-versions.ts'
import { addJob, deleteJob, listItemsOfJob, searchJobs } from './jobs.ts'

interface AnnouncePart {
  /** The command that announces a build to this server. */
  curl: string
  needsToken: boolean
}
type LinksOf = (build: Build) => { jenkins: string | null; package: string | null }

interface BuildsPage extends AnnouncePart {
  jobs: PageOf<SelectedJob>
  builds: PageOf<Build>
  search: string | undefined
  form: Form | undefined
  links: LinksOf
}
const buildsPage = template<BuildsPage>('pages/builds')

interface JobPage extends AnnouncePart {
  job: SelectedJob
  builds: PageOf<Build>
  items: TestItem[]
  history: Selection[]
  intervalHours: number
  links: LinksOf
}
const jobPage = template<JobPage>('pages/job')

const JOBS_PER_PAGE = 15
const SELECTIONS_SHOWN = 8

const urlOfJob = (name: string) => `/builds?job_name=${encodeURIComponent(name)}`

/** All jobs, or with `?job_name=` one of them. Opening it moves jobs that are due to their newest build. */
export const showBuilds = page(async (ctx, request) => {
  const settings = await getSettings(ctx.db)
  await autoSync(ctx, settings.auto_sync_interval_hours)
  const name = fieldsOf(request.req.query).job_name
  if (name) await renderJob(ctx, request, name, settings)
  else await renderJobs(ctx, request, settings)
})

async function renderJobs(
  ctx: Context,
  request: PageRequest,
  settings: Settings,
  form?: Form,
  status?: number,
) {
  const query = fieldsOf(request.req.query)
  const search = query.q?.trim().slice(0, 200) || undefined
  const newest = { limit: 10, offset: offsetOf(query.offset) }
  const [jobs, builds] = await Promise.all([
    searchJobs(ctx.db, { search, limit: JOBS_PER_PAGE, offset: offsetOf(query.jobs_offset) }),
    search ? searchBuilds(ctx.db, search, newest) : listBuilds(ctx.db, newest),
  ])
  const locals = { jobs, builds, search, form, links: linksFor(settings), ...howToAnnounce(ctx, 'CDN/Core') }
  ctx.view.render(request.res, buildsPage, locals, status)
}

async function renderJob(ctx: Context, { req, res }: PageRequest, name: string, settings: Settings) {
  const [job, builds, history, items] = await Promise.all([
    getJobVersion(ctx.db, name),
    listBuilds(ctx.db, { jobName: name, limit: 20, offset: offsetOf(fieldsOf(req.query).offset) }),
    listSelections(ctx.db, name, { limit: SELECTIONS_SHOWN, offset: 0 }),
    listItemsOfJob(ctx.db, name),
  ])
  ctx.view.render(res, jobPage, {
    job,
    builds,
    items,
    history: history.data,
    intervalHours: settings.auto_sync_interval_hours,
    links: linksFor(settings),
    ...howToAnnounce(ctx, name),
  })
}

function linksFor(settings: Settings): LinksOf {
  return (build: Build) => ({
    jenkins: buildUrl(settings.package_build_info_base_url, build.jobName, build.buildNumber),
    package: packageUrl(settings.package_download_base_url, build.packagePath),
  })
}

function howToAnnounce({ config }: Context, job: string): AnnouncePart {
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

export const selectAction = page(async (ctx, { req, res, person }) => {
  const input = buildIn(req.body)
  await formAction(res, urlOfJob(input.job_name), async () => {
    const job = await selectBuild(ctx, input, person.email)
    const number = job.selectedBuild?.buildNumber ?? 0
    flash(res, 'done', 'pages:flash.build_selected', { job: job.jobName, number })
    return undefined
  })
})

export const syncAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    const job = await syncJob(ctx, name, person.email)
    const number = job.selectedBuild?.buildNumber ?? 0
    flash(res, 'done', 'pages:flash.synced', { job: name, number })
    return undefined
  })
})

export const autoSyncAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    const enabled = fieldsOf(req.body).enabled === 'true'
    await setAutoSync(ctx, name, enabled, person.email)
    flash(res, 'done', enabled ? 'pages:flash.auto_sync_on' : 'pages:flash.auto_sync_off', { job: name })
    return undefined
  })
})

export const pruneAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    flash(res, 'done', 'pages:flash.pruned', await pruneBuilds(ctx, name, ctx.probePackage, person.email))
    return undefined
  })
})

export const deleteBuildAction = page(async (ctx, { req, res, person }) => {
  const { job_name, build_id } = buildIn(req.body)
  await formAction(res, urlOfJob(job_name), async () => {
    const build = await getBuild(ctx.db, build_id)
    await deleteBuild(ctx, build.id, person.email)
    flash(res, 'done', 'pages:flash.build_deleted', { job: build.jobName, number: build.buildNumber })
    return undefined
  })
})

export const submitJob = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const name = jobIn(request.req.body)
      await addJob(ctx, name, request.person.email)
      flash(request.res, 'done', 'pages:flash.job_added', { job: name })
      return urlOfJob(name)
    },
    async (form, status) => renderJobs(ctx, request, await getSettings(ctx.db), form, status),
    'job_name',
  ),
)

export const deleteJobAction = page(async (ctx, { req, res, person }) => {
  const name = jobIn(req.body)
  await formAction(res, urlOfJob(name), async () => {
    await deleteJob(ctx, name, person.email)
    flash(res, 'done', 'pages:flash.job_deleted', { job: name })
    return '/builds'
  })
})
