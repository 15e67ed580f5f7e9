import { announceCommand } from '../builds/announce-command.ts'
import { listBuilds } from '../builds/list-builds.ts'
import type { Context } from '../context.ts'
import type { PageOf } from '../database/paging.ts'
import type { BuildModel as Build, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { fieldsOf, offsetOf, type PageRequest } from '../http/page.ts'
import { template } from '../http/view.ts'
import { buildUrl, packageUrl } from '../lib/links.ts'
import type { Settings } from '../settings/definitions.ts'
import { getJobStatus, type JobStatus, nextSyncAt } from './job-status.ts'
import { listSelections, type Selection } from './job-versions.ts'
import { listItemsOfJob } from './jobs.ts'

export interface AnnouncePart {
  curl: string
  needsToken: boolean
}

export type NextSyncOf = (job: JobStatus) => Date | null
export type LinksOf = (build: Build) => { jenkins: string | null; package: string | null }

interface JobPage extends AnnouncePart {
  job: JobStatus
  builds: PageOf<Build>
  items: TestItem[]
  history: Selection[]
  intervalHours: number
  nextSyncOf: NextSyncOf
  links: LinksOf
}

const jobPage = template<JobPage>('pages/job')
const SELECTIONS_SHOWN = 8
export const urlOfJob = (name: string) => `/builds?job_name=${encodeURIComponent(name)}`

export async function renderJob(ctx: Context, { req, res }: PageRequest, name: string, settings: Settings) {
  const [job, builds, history, items] = await Promise.all([
    getJobStatus(ctx.pool, name),
    listBuilds(ctx, { jobName: name, limit: 20, offset: offsetOf(fieldsOf(req.query).offset) }),
    listSelections(ctx.db, name, { limit: SELECTIONS_SHOWN, offset: 0 }),
    listItemsOfJob(ctx.db, name),
  ])
  ctx.view.render(res, jobPage, {
    job,
    builds,
    items,
    history: history.data,
    intervalHours: settings.auto_sync_interval_hours,
    nextSyncOf: nextSyncsBy(settings),
    links: linksFor(settings),
    ...announcePart(ctx, name),
  })
}

export function nextSyncsBy({ auto_sync_interval_hours }: Settings): NextSyncOf {
  return job => nextSyncAt(job, auto_sync_interval_hours)
}

export function linksFor(settings: Settings): LinksOf {
  return (build: Build) => ({
    jenkins: buildUrl(settings.package_build_info_base_url, build.jobName, build.buildNumber),
    package: packageUrl(settings.package_download_base_url, build.packagePath),
  })
}

export function announcePart({ config }: Context, job: string): AnnouncePart {
  const needsToken = config.webhookToken !== null
  return { needsToken, curl: announceCommand(config.publicUrl, needsToken, job) }
}
