import { recordChange } from '../audit/audit.ts'
import { getBuildOfNumber } from '../builds/builds.ts'
import type { Queryable } from '../database/client.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type {
  BuildModel as Build,
  RunModel as Run,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { invalid } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { outcomeOf, type ReportSummary } from '../lib/report-summary.ts'
import type { TestResult } from '../lib/test-result.ts'
import { getSettings } from '../settings/settings.ts'
import { refuseTriggering } from '../test-items/allowed-triggerers.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { lockItem } from './create-run.ts'
import { type RunStore, recordEvent } from './record-event.ts'
import { type FullRun, getRun } from './runs.ts'

/** Tests that were run elsewhere. */
export interface Results {
  format: string
  summary: ReportSummary
  tests: TestResult[]
}

export interface UploadTarget {
  build: Build
  item: TestItem
}

/** The build of that number and the item, by default the only one of the job. Throws unless `person` may trigger it. */
export async function findUploadTarget(
  db: Queryable,
  { jobName, buildNumber, testItemId }: { jobName: string; buildNumber: number; testItemId?: number },
  person: Person,
): Promise<UploadTarget> {
  const build = await getBuildOfNumber(db, jobName, buildNumber)
  const item = testItemId ? await getTestItem(db, testItemId) : await onlyItemOf(db, jobName)
  if (item.jobName !== null && item.jobName !== jobName)
    throw invalid('errors:item_of_other_job', { item: item.name, job: item.jobName, other: jobName })
  refuseTriggering(item, person)
  return { build, item }
}

async function onlyItemOf(db: Queryable, jobName: string): Promise<TestItem> {
  const items = await db.testItem.findMany({ where: { jobName }, take: 100 })
  const [item] = items
  if (!item || items.length > 1)
    throw invalid('errors:upload_names_no_item', { job: jobName, count: items.length })
  return item
}

/** Stores the results as a run that is over: it never waits in the queue, and has no environment. */
export async function uploadRun(
  store: RunStore,
  { build, item }: UploadTarget,
  results: Results,
  person: Person,
  options: { mail: boolean },
): Promise<FullRun> {
  const data = await newRun(store.db, { build, item }, person)
  const run = asStored(data)
  const { format, summary, tests } = results
  const details = { report: { format, tried: [] } }
  const outcome = outcomeOf(summary)
  await recordEvent(
    store,
    run,
    { type: 'uploaded', summary, outcome, tests, mail: options.mail, details },
    tx =>
      recordChange(tx, {
        ...{ actor: person, action: 'upload results' },
        subject: `${item.name} · ${build.jobName} #${build.buildNumber}`,
        after: { run_id: run.id, tests: summary.total },
      }),
    async tx => {
      await lockItem(tx, item.id)
      await tx.run.create({ data })
    },
  )
  return getRun(store.db, run.id)
}

type NewRun = Prisma.RunUncheckedCreateInput & { id: number }

async function newRun(db: Queryable, { build, item }: UploadTarget, person: Person): Promise<NewRun> {
  const [next] = await db.$queryRaw<{ id: number }[]>`
    SELECT nextval(pg_get_serial_sequence('deploy_test_runs', 'id'))::int AS id`
  if (!next) throw new Error('the sequence of runs gives no id')
  const settings = await getSettings(db)
  return {
    ...{ id: next.id, testItemId: item.id, buildId: build.id, itemName: item.name },
    ...{ jobName: build.jobName, buildNumber: build.buildNumber, packagePath: build.packagePath },
    ...{ triggeredBy: person.email, trigger: 'upload', locale: person.locale },
    ...{ parameters: {}, packageBaseUrl: settings.package_download_base_url, testServerUrl: '' },
    ...{ maxQueryHours: settings.max_query_hours, queryInterval: settings.query_interval },
    queryTimeout: settings.query_timeout,
  }
}

/** As it will be when it is stored, which is at its end: nobody sees it queued. */
function asStored(data: NewRun): Run {
  const now = new Date()
  return {
    ...{ buildId: null, environmentId: null, environmentName: null, startedAt: null, finishedAt: null },
    ...{ downloadUrl: null, reportUrl: null, taskId: null, summary: null, retryOf: null },
    ...{ status: 'PENDING', outcome: null, claim: 0, attempt: 1, environmentsNeeded: 1 },
    ...{ createdAt: now, updatedAt: now, ...data },
  } as Run
}
