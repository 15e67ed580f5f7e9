import { recordChange } from '../audit/audit.ts'
import { getBuild } from '../builds/builds.ts'
import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type {
  BuildModel as Build,
  ParameterSetModel as ParameterSet,
  RunModel as Run,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { conflict, invalid } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { isTerminal } from '../lib/run-status.ts'
import { getDefaultParameterSet, getParameterSet } from '../parameter-sets/parameter-sets.ts'
import { DEFAULT_PARAMETERS } from '../parameter-sets/parameters.ts'
import { getSettings } from '../settings/settings.ts'
import { refuseTriggering } from '../test-items/allowed-triggerers.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { type FullRun, findRun, getRun } from './runs.ts'

export interface TriggerInput {
  testItemId: number
  /** Without it, the job's selected build. */
  buildId?: number | null
  /** Without it, the item's set, else `default`. */
  parameterSetId?: number | null
}

/** Queues a run, frozen as things are now. */
export async function triggerRun(store: Store, input: TriggerInput, person: Person): Promise<FullRun> {
  const id = await store.db.$transaction(async tx => {
    const item = await lockItem(tx, input.testItemId)
    refuseTriggering(item, person)
    const build = await chooseBuild(tx, item, input.buildId)
    const set = await chooseParameterSet(tx, item, input.parameterSetId)
    const run = await createRun(store, tx, person, {
      testItemId: item.id,
      itemName: item.name,
      buildId: build.id,
      jobName: build.jobName,
      buildNumber: build.buildNumber,
      packagePath: build.packagePath,
      parameterSetId: set.id,
      parameters: resolveParameters(set, item),
    })
    await recordChange(tx, {
      actor: person,
      action: 'trigger run',
      subject: `${item.name} · ${build.jobName} #${build.buildNumber}`,
      after: { run_id: run.id },
    })
    return run.id
  })
  return getRun(store.db, id)
}

/** A finished run again: same build, same parameters; addresses and limits as the settings say now. */
export async function retryRun(store: Store, id: number, person: Person): Promise<FullRun> {
  const retryId = await store.db.$transaction(async tx => {
    const old = await findRun(tx, id)
    if (!isTerminal(old.status)) throw conflict('errors:run_not_finished', { id, status: old.status })
    refuseTriggering(await lockItem(tx, old.testItemId), person)
    const { testItemId, itemName, buildId, jobName, buildNumber, packagePath, parameterSetId } = old
    const run = await createRun(store, tx, person, {
      ...{ testItemId, itemName, buildId, jobName, buildNumber, packagePath, parameterSetId },
      parameters: old.parameters ?? {},
      retryOf: old.id,
    })
    await recordChange(tx, {
      actor: person,
      action: 'retry run',
      subject: `${itemName} · ${jobName} #${buildNumber}`,
      after: { run_id: run.id, retry_of: old.id },
    })
    return run.id
  })
  return getRun(store.db, retryId)
}

/** Holds the item until the run stands, so that it is not deleted in between. */
async function lockItem(tx: Transaction, id: number): Promise<TestItem> {
  await lockRow(tx, 'test_items', id)
  return getTestItem(tx, id)
}

async function chooseBuild(
  tx: Transaction,
  item: TestItem,
  buildId: number | null | undefined,
): Promise<Build> {
  if (buildId) {
    const build = await getBuild(tx, buildId)
    if (item.jobName === null || build.jobName === item.jobName) return build
    throw invalid('errors:build_of_other_job', { id: build.id, job: item.jobName, other: build.jobName })
  }
  if (item.jobName === null) throw conflict('errors:item_without_job', { name: item.name })
  const job = await tx.jobVersion.findUnique({
    where: { jobName: item.jobName },
    include: { selectedBuild: true },
  })
  if (!job?.selectedBuild) throw conflict('errors:no_selected_build', { job: item.jobName, name: item.name })
  return job.selectedBuild
}

function chooseParameterSet(
  tx: Transaction,
  item: TestItem,
  setId: number | null | undefined,
): Promise<ParameterSet> {
  const id = setId ?? item.parameterSetId
  return id ? getParameterSet(tx, id) : getDefaultParameterSet(tx)
}

/** What is sent to the test server, but for `package_path`, which the download finds. */
function resolveParameters(set: ParameterSet, item: TestItem): Prisma.InputJsonObject {
  const { package_path, ...given } = set.parameters as Prisma.JsonObject
  return {
    ...DEFAULT_PARAMETERS,
    ...given,
    service_name: given.service_name || item.name,
    report_keyword: given.report_keyword || item.name,
  }
}

type Frozen = Pick<Run, 'testItemId' | 'itemName' | 'buildId' | 'jobName' | 'buildNumber' | 'packagePath'> & {
  parameterSetId: number | null
  parameters: Prisma.InputJsonValue
  retryOf?: number
}

async function createRun(store: Store, tx: Transaction, person: Person, frozen: Frozen): Promise<Run> {
  const settings = await getSettings(tx)
  const run = await tx.run.create({
    data: {
      ...frozen,
      triggeredBy: person.email,
      locale: person.locale,
      packageBaseUrl: settings.package_download_base_url,
      testServerUrl: settings.external_test_server_url,
      maxQueryHours: settings.max_query_hours,
      queryInterval: settings.query_interval,
      queryTimeout: settings.query_timeout,
    },
  })
  await store.queue.sendRun(tx, run.lane)
  await announceChange(tx, { topic: 'run', id: run.id })
  return run
}
