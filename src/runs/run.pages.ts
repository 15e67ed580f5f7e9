import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { hasSeveral } from '../environments/usage.ts'
import type {
  ParameterSetModel as ParameterSet,
  ReportArchiveModel as ReportArchive,
} from '../generated/prisma/models.ts'
import { idOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { notFound } from '../lib/errors.ts'
import { buildUrl, keptPage, linkable, packageUrl } from '../lib/links.ts'
import type { LoadResult } from '../lib/load.ts'
import type { Person } from '../lib/person.ts'
import { isTerminal } from '../lib/run-status.ts'
import { masked } from '../lib/secrets.ts'
import { getParameterSet } from '../parameter-sets/parameter-sets.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'
import { type Failures, findFailures, getFailureText } from '../test-results/find-failures.ts'
import { findReportedTests, type ReportedTests } from '../test-results/reported-tests.ts'
import { follows } from '../watches/watches.ts'
import { mayCancel } from './cancel-run.ts'
import { compareParameters, type ParametersToday } from './compare-parameters.ts'
import { unlistedFlaky } from './flaky-tests.ts'
import { type LoadCourse, readLoadCourse, SILENT_MS } from './load-points.ts'
import { readLogTails, readWholeLog } from './read-log.ts'
import { type Remedies, remediesFor } from './remedy.ts'
import { logsOf, membersOf, type ShownLog, type ShownMember } from './run-members.ts'
import {
  type FullRun,
  getRun,
  listDeliveriesOfRun,
  listMailsOfRun,
  type RunMailEntry,
  runExists,
} from './runs.ts'
import { detailsOf, type NotifySkipReason, type TriedAddress } from './step-details.ts'
import { type StepView, viewSteps } from './step-view.ts'
import { type Course, courseOf, findUsualDuration, type UsualDuration } from './usual-duration.ts'

const TESTS_IN_GROUP = 20

interface RunPage {
  run: FullRun & { parameterSet: ParameterSet | null }
  steps: StepView[]
  failedStep: StepView['name'] | null
  tried: TriedAddress[]
  failures: Failures | null
  changes: ReportedTests | null
  /** Beyond those of the report. */
  flakyNames: string[]
  previousIsKept: boolean
  members: ShownMember[]
  logs: ShownLog[]
  load: ShownLoad | null
  /** How long such a run takes, and how far this one is. */
  usual: UsualDuration | null
  course: Course | null
  several: boolean
  mails: RunMailEntry[]
  deliveries: RunMailEntry[]
  noMailBecause: NotifySkipReason | null
  mayCancel: boolean
  follows: boolean
  mayRetry: boolean
  today: ParametersToday | null
  remedies: Remedies
  packageName: string | null
  /** The copy of the report. */
  kept: ReportArchive | null
  links: { jenkins: string | null; package: string | null; report: string | null }
}
interface ShownLoad {
  course: LoadCourse | null
  result: LoadResult | null
  ageMs: number
  silent: boolean
}

const runPage = template<RunPage>('pages/run')

export const showRun = page(async (ctx, { req, res, person }) => {
  ctx.view.render(res, runPage, await loadRunPage(ctx, idOf(req), person))
})

const position = z.coerce.number().int().min(0).max(2_147_483_647)

/** Message and trace of a failing test, for those that are cut on the page. */
export const showFailure = page(async (ctx, { req, res }) => {
  const { data: place } = position.safeParse(req.params.position)
  if (place === undefined) throw notFound('errors:no_such_page', { url: req.originalUrl })
  const text = await getFailureText(ctx.db, idOf(req), place)
  res.type('text/plain').send(text)
})

const logQuery = z.object({ index: z.coerce.number().int().min(0).max(15).catch(0) })

export const downloadLog = page(async (ctx, { req, res }) => {
  const of = { runId: idOf(req), index: logQuery.parse(req.query).index }
  if (!(await runExists(ctx.db, of.runId))) throw notFound('errors:run_not_found', { id: of.runId })
  res.attachment(`run-${of.runId}${of.index ? `-${of.index}` : ''}.log`).type('text/plain')
  await pipeline(readWholeLog(ctx.db, of), res)
})

async function loadRunPage(
  { db, settings: cachedSettings, sealer }: Context,
  id: number,
  person: Person,
): Promise<RunPage> {
  const run = await getRun(db, id)
  const finished = isTerminal(run.status)
  const repeatable = finished && run.trigger !== 'upload'
  const [
    settings,
    mails,
    deliveries,
    parameterSet,
    failures,
    changes,
    tails,
    points,
    usual,
    several,
    today,
    isFollowed,
    kept,
  ] = await Promise.all([
    cachedSettings.get(),
    listMailsOfRun(db, run.id),
    listDeliveriesOfRun(db, run.id),
    run.parameterSetId ? getParameterSet(db, run.parameterSetId) : null,
    findFailures(db, run.id),
    findReportedTests(db, run.id, TESTS_IN_GROUP),
    readLogTails(db, run.id),
    readLoadCourse(db, run.id),
    finished ? null : findUsualDuration(db, run.testItemId),
    hasSeveral(db),
    repeatable ? compareParameters({ db, sealer }, run) : null,
    follows(db, person, { runId: run.id }),
    db.reportArchive.findUnique({ where: { runId: run.id } }),
  ])
  const steps = viewSteps(run.steps.filter(({ attempt }) => attempt === run.attempt))
  const failedStep = steps.find(step => step.status === 'FAILED' && step.name !== 'notify')?.name ?? null
  const previousRunId = changes?.comparison.previousRunId
  const members = membersOf(run)
  const monitored = detailsOf(run.steps, 'monitor')
  const notify = detailsOf(run.steps, 'notify')
  return {
    run: {
      ...run,
      parameters: masked(run.parameters),
      responseRawData: masked(run.responseRawData),
      parameterSet,
    },
    steps,
    failedStep,
    today,
    remedies: remediesFor(run.errorKey, failedStep),
    tried: monitored?.report?.tried ?? [],
    failures: kept?.state === 'kept' ? inKeptReport(failures, run) : failures,
    changes,
    flakyNames: unlistedFlaky(monitored),
    previousIsKept: !!previousRunId && (await runExists(db, previousRunId)),
    members,
    logs: logsOf(run, members, tails, steps),
    load: loadOf(run, points, finished),
    usual,
    course: courseOf(run, usual),
    several,
    mails,
    deliveries,
    noMailBecause: notify && 'reason' in notify ? notify.reason : null,
    mayRetry: repeatable && mayTrigger(run.testItem, person),
    follows: isFollowed,
    mayCancel: !finished && mayCancel(run, person),
    kept,
    packageName: run.downloadPath && basename(run.downloadPath),
    links: {
      jenkins: buildUrl(settings.package_build_info_base_url, run.jobName, run.buildNumber),
      package: linkable(run.downloadUrl ?? packageUrl(run.packageBaseUrl, run.packagePath)),
      report: linkable(run.reportUrl),
    },
  }
}

function inKeptReport(failures: Failures | null, { id, reportUrl }: FullRun): Failures | null {
  if (!failures || !reportUrl) return failures
  const groups = failures.groups.map(group => ({
    ...group,
    tests: group.tests.map(test => ({ ...test, url: test.url && keptPage(id, test.url, reportUrl) })),
  }))
  return { ...failures, groups }
}

function loadOf(run: FullRun, course: LoadCourse | null, finished: boolean): ShownLoad | null {
  const result = run.load as LoadResult | null
  if (!course && !result) return null
  const ageMs = finished || !course ? 0 : Date.now() - course.lastAt.getTime()
  return { course, result, ageMs, silent: ageMs > SILENT_MS }
}
