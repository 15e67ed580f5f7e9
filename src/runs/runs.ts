import type { Queryable } from '../database/client.ts'
import { type ListReader, type Page, type PageOf, readPage } from '../database/paging.ts'
import { runStates } from '../database/states.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { RunOutcome, RunStatus } from '../generated/prisma/enums.ts'
import type {
  BuildModel as Build,
  NotificationModel as Notification,
  RunModel as Run,
  RunEnvironmentModel as RunEnvironment,
  StepModel as Step,
  TestComparisonModel as TestComparison,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import { ACTIVE } from '../lib/run-status.ts'
import { countFlaky } from './flaky-tests.ts'
import { forecastStarts } from './queue.ts'
import type { Forecast } from './queue-forecast.ts'

export type FullRun = Run & {
  testItem: TestItem
  build: Build | null
  steps: Step[]
  comparison: TestComparison | null
  environments: RunEnvironment[]
  flakyTests: number | null
  /** Of its start, while it is queued. */
  forecast: Forecast | null
}

/** Returns the parameters sent to the test server, secrets sealed: `package_path` is known after the download. */
export function sentParameters(run: Pick<Run, 'parameters' | 'downloadPath'>): Prisma.JsonObject {
  const parameters = run.parameters as Prisma.JsonObject
  return run.downloadPath ? { ...parameters, package_path: run.downloadPath } : parameters
}

export async function findRun(db: Queryable, id: number): Promise<Run> {
  const run = await db.run.findUnique({ where: { id } })
  if (!run) throw notFound('errors:run_not_found', { id })
  return run
}

const everything = {
  testItem: true,
  build: true,
  steps: { orderBy: { id: 'asc' } },
  comparison: true,
  environments: { orderBy: { id: 'asc' } },
} satisfies Prisma.RunInclude

export async function getRun(db: Queryable, id: number): Promise<FullRun> {
  const [full] = await completed(db, await db.run.findMany({ where: { id }, include: everything }))
  if (!full) throw notFound('errors:run_not_found', { id })
  return full
}

export interface RunFilter extends Page {
  testItemId?: number
  statuses?: RunStatus[]
  outcome?: RunOutcome
  triggeredBy?: string
  environmentId?: number
}

export async function listRuns(
  { db, longLists }: ListReader,
  { limit, offset, ...filter }: RunFilter,
): Promise<PageOf<FullRun>> {
  const where: Prisma.RunWhereInput = {
    testItemId: filter.testItemId,
    triggeredBy: filter.triggeredBy,
    // Also those that had it beside others, or in an attempt that failed.
    environments: filter.environmentId ? { some: { environmentId: filter.environmentId } } : undefined,
    status: filter.statuses && { in: filter.statuses },
    outcome: filter.outcome,
  }
  const page = await readPage(
    { limit, offset },
    {
      async find(window) {
        // What is before a deep page is skipped in an index, and not read.
        const found = await db.run.findMany({
          where,
          select: { id: true },
          orderBy: { id: 'desc' },
          ...window,
        })
        const ids = found.map(({ id }) => id)
        return db.run.findMany({ where: { id: { in: ids } }, include: everything, orderBy: { id: 'desc' } })
      },
      count: most => db.run.count({ where, ...most }),
      long: longLists.of(`runs ${JSON.stringify(filter)}`),
    },
  )
  return { ...page, data: await completed(db, page.data) }
}

export function findRunningStep(db: Queryable, runId: number): Promise<Step | null> {
  return db.step.findFirst({ where: { runId, status: 'RUNNING' } })
}

export async function runExists(db: Queryable, id: number): Promise<boolean> {
  return (await db.run.count({ where: { id } })) > 0
}

const MOST_DELIVERIES = 100

export function listMailsOfRun(db: Queryable, runId: number): Promise<RunMailEntry[]> {
  return db.notification.findMany({
    where: { runId, kind: 'mail', channelId: null, event: null },
    omit: { html: true, text: true, chart: true, payload: true },
    orderBy: { id: 'desc' },
    take: 1,
  })
}

/** All but the mail to whoever triggered. */
export function listDeliveriesOfRun(db: Queryable, runId: number): Promise<RunMailEntry[]> {
  return db.notification.findMany({
    where: { runId, OR: [{ channelId: { not: null } }, { event: { not: null } }, { kind: { not: 'mail' } }] },
    omit: { html: true, text: true, chart: true, payload: true },
    orderBy: { id: 'asc' },
    take: MOST_DELIVERIES,
  })
}

export type RunMailEntry = Omit<Notification, 'html' | 'text' | 'chart' | 'payload'>

const PEOPLE_SUGGESTED = 200

export async function listPeople(db: Queryable): Promise<string[]> {
  // One index look-up for each person, however many runs there are.
  const people = await db.$queryRaw<{ name: string }[]>`
    WITH RECURSIVE person(name) AS (
      (SELECT triggered_by FROM deploy_test_runs ORDER BY triggered_by LIMIT 1)
      UNION ALL
      SELECT (SELECT triggered_by FROM deploy_test_runs WHERE triggered_by > name ORDER BY triggered_by LIMIT 1)
      FROM person WHERE name IS NOT NULL
    )
    SELECT name FROM person WHERE name IS NOT NULL LIMIT ${PEOPLE_SUGGESTED}`
  return people.map(({ name }) => name)
}

type StoredRun = Omit<FullRun, 'flakyTests' | 'forecast'>

async function completed(db: Queryable, runs: StoredRun[]): Promise<FullRun[]> {
  const waits = runs.some(run => run.status === 'PENDING')
  const forecasts = waits ? await forecastStarts(db) : null
  return runs.map(run => ({
    ...run,
    ...{ flakyTests: countFlaky(run), forecast: forecasts?.get(run.id) ?? null },
  }))
}

export function countActiveRuns(db: Queryable): Promise<number> {
  return db.run.count({ where: { status: { in: [...ACTIVE] } } })
}

/** Includes files of earlier runs of the same package: a queued run will reuse them. */
export async function packagesInUse(db: Queryable): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ download_path: string }[]>`
    SELECT DISTINCT earlier.download_path
    FROM deploy_test_runs run
    JOIN deploy_test_runs earlier USING (package_base_url, package_path, item_name)
    WHERE run.status IN ${runStates.unfinished}
      AND earlier.download_path IS NOT NULL`
  return new Set(rows.map(row => row.download_path))
}
