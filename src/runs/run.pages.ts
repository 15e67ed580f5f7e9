import { basename } from 'node:path'
import type { Context } from '../context.ts'
import { hasSeveral } from '../environments/usage.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { idOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { buildUrl, linkable, packageUrl } from '../lib/links.ts'
import type { LoadResult } from '../lib/load.ts'
import type { Person } from '../lib/person.ts'
import { isTerminal } from '../lib/run-status.ts'
import { masked } from '../lib/secrets.ts'
import { getParameterSet } from '../parameter-sets/parameter-sets.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'
import { findReportedTests, type ReportedTests } from '../test-results/reported-tests.ts'
import { mayCancel } from './cancel-run.ts'
import { compareParameters, type ParametersToday } from './compare-parameters.ts'
import { unlistedFlaky } from './flaky-tests.ts'
import { type LoadCourse, readLoadCourse, SILENT_MS } from './load-points.ts'
import { type Remedies, remediesFor } from './remedy.ts'
import { readLogTails } from './run-log.ts'
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

const TESTS_IN_GROUP = 20

interface RunPage {
  run: FullRun & { parameterSet: ParameterSet | null }
  steps: StepView[]
  failedStep: StepView['name'] | null
  tried: TriedAddress[]
  changes: ReportedTests | null
  /** Beyond those of the report. */
  flakyNames: string[]
  previousIsKept: boolean
  members: ShownMember[]
  logs: ShownLog[]
  load: ShownLoad | null
  several: boolean
  mails: RunMailEntry[]
  deliveries: RunMailEntry[]
  noMailBecause: NotifySkipReason | null
  mayCancel: boolean
  mayRetry: boolean
  today: ParametersToday | null
  remedies: Remedies
  packageName: string | null
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

async function loadRunPage(
  { db, settings: cachedSettings, sealer }: Context,
  id: number,
  person: Person,
): Promise<RunPage> {
  const run = await getRun(db, id)
  const finished = isTerminal(run.status)
  const [settings, mails, deliveries, parameterSet, changes, tails, course, several, today] =
    await Promise.all([
      cachedSettings.get(),
      listMailsOfRun(db, run.id),
      listDeliveriesOfRun(db, run.id),
      run.parameterSetId ? getParameterSet(db, run.parameterSetId) : null,
      findReportedTests(db, run.id, TESTS_IN_GROUP),
      readLogTails(db, run.id),
      readLoadCourse(db, run.id),
      hasSeveral(db),
      finished ? compareParameters({ db, sealer }, run) : null,
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
    changes,
    flakyNames: unlistedFlaky(monitored),
    previousIsKept: !!previousRunId && (await runExists(db, previousRunId)),
    members,
    logs: logsOf(run, members, tails, steps),
    load: loadOf(run, course, finished),
    several,
    mails,
    deliveries,
    noMailBecause: notify && 'reason' in notify ? notify.reason : null,
    mayRetry: finished && mayTrigger(run.testItem, person),
    mayCancel: !finished && mayCancel(run, person),
    packageName: run.downloadPath && basename(run.downloadPath),
    links: {
      jenkins: buildUrl(settings.package_build_info_base_url, run.jobName, run.buildNumber),
      package: linkable(run.downloadUrl ?? packageUrl(run.packageBaseUrl, run.packagePath)),
      report: linkable(run.reportUrl),
    },
  }
}

function loadOf(run: FullRun, course: LoadCourse | null, finished: boolean): ShownLoad | null {
  const result = run.load as LoadResult | null
  if (!course && !result) return null
  const ageMs = finished || !course ? 0 : Date.now() - course.lastAt.getTime()
  return { course, result, ageMs, silent: ageMs > SILENT_MS }
}
