import { listBuilds } from '../builds/list-builds.ts'
import { searchBuilds } from '../builds/search.ts'
import type { Context } from '../context.ts'
import type { PageOf } from '../database/paging.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { type Form, fieldsOf, offsetOf, type PageRequest, page, submitForm } from '../http/page.ts'
import { template } from '../http/view.ts'
import type { Settings } from '../settings/definitions.ts'
import { syncDueJobs } from './auto-sync.ts'
import {
  type AnnouncePart,
  announcePart,
  type LinksOf,
  linksFor,
  type NextSyncOf,
  nextSyncsBy,
  renderJob,
  urlOfJob,
} from './job.pages.ts'
import { jobIn } from './job-actions.pages.ts'
import { type JobStatus, searchJobs } from './job-status.ts'
import { addJob } from './jobs.ts'

interface BuildsPage extends AnnouncePart {
  jobs: PageOf<JobStatus>
  builds: PageOf<Build>
  search: string | undefined
  form: Form | undefined
  links: LinksOf
  nextSyncOf: NextSyncOf
}

const buildsPage = template<BuildsPage>('pages/builds')
const JOBS_PER_PAGE = 15

export const showBuilds = page(async (ctx, request) => {
  const settings = await ctx.settings.get()
  await ctx.sharedReads.read('due jobs', () => syncDueJobs(ctx, settings.auto_sync_interval_hours))
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
  const shown = { search, limit: JOBS_PER_PAGE, offset: offsetOf(query.jobs_offset) }
  const [jobs, builds] = await ctx.sharedReads.read(`jobs ${JSON.stringify([shown, newest])}`, () =>
    Promise.all([
      searchJobs(ctx.pool, shown),
      search ? searchBuilds(ctx, search, newest) : listBuilds(ctx, newest),
    ]),
  )
  const shared = { links: linksFor(settings), nextSyncOf: nextSyncsBy(settings) }
  const locals = { jobs, builds, search, form, ...shared, ...announcePart(ctx, 'CDN/Core') }
  ctx.view.render(request.res, buildsPage, locals, status)
}

export const submitJob = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const name = jobIn(request.req.body)
      await addJob(ctx, name, request.person)
      flash(request.res, 'done', 'pages:flash.job_added', { job: name })
      return urlOfJob(name)
    },
    async (form, status) => renderJobs(ctx, request, await ctx.settings.get(), form, status),
    'job_name',
  ),
)
