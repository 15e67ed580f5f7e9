import { recordChange } from '../audit/audit.ts'
import { getBuild, getBuildOfNumber } from '../builds/builds.ts'
import type { Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import { getEnvironment } from '../environments/environments.ts'
import type { RunTrigger } from '../generated/prisma/enums.ts'
import type {
  BuildModel as Build,
  RunModel as Run,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { conflict, invalid } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import type { Sealer } from '../lib/sealer.ts'
import { recordSpan } from '../lib/spans.ts'
import type { Parameters } from '../parameter-sets/parameters.ts'
import { refuseTriggering } from '../test-items/allowed-triggerers.ts'
import { createRun, freezeScripts, lockItem } from './create-run.ts'
import { chooseParameterSet, freezeParameters } from './freeze-parameters.ts'
import { type FullRun, getRun } from './runs.ts'

export interface TriggerInput {
  testItemId: number
  buildId?: number | null
  /** The newest build of the item's job with this number. */
  buildNumber?: number | null
  parameterSetId?: number | null
  environmentId?: number | null
  /** Where it is neither a person nor a token. */
  trigger?: RunTrigger
  /** Values that go over those of the set for this run alone. */
  parameters?: Parameters
}

export type SealedStore = Store & { sealer: Sealer }

export async function triggerRun(store: SealedStore, input: TriggerInput, person: Person): Promise<FullRun> {
  const id = await store.db.$transaction(async tx => {
    const item = await lockItem(tx, input.testItemId)
    refuseTriggering(item, person)
    return (await enqueueRun(store.sealer, tx, item, input, person)).id
  })
  return getRun(store.db, id)
}

/** Queues a run of an item that is locked. */
export async function enqueueRun(
  sealer: Sealer,
  tx: Transaction,
  item: TestItem,
  input: Omit<TriggerInput, 'testItemId'>,
  person: Person,
): Promise<Run> {
  const startTime = Date.now()
  const build = await chooseBuild(tx, item, input)
  const environment = input.environmentId ? await getEnvironment(tx, input.environmentId) : null
  const set = await chooseParameterSet(tx, item, input.parameterSetId)
  const run = await createRun(tx, person, item, {
    testItemId: item.id,
    itemName: item.name,
    buildId: build.id,
    jobName: build.jobName,
    buildNumber: build.buildNumber,
    packagePath: build.packagePath,
    parameterSetId: set.id,
    parameters: freezeParameters(sealer, set, item, input.parameters),
    scripts: await freezeScripts(tx, item),
    wantedEnvironmentId: environment?.id ?? null,
    trigger: input.trigger,
  })
  await recordChange(tx, {
    actor: person,
    action: 'trigger run',
    subject: `${item.name} · ${build.jobName} #${build.buildNumber}`,
    after: { run_id: run.id, ...(input.parameters && { parameters: Object.keys(input.parameters) }) },
  })
  const attributes = { 'crat.run': run.id }
  recordSpan({ buildId: build.id, runId: run.id }, 'trigger run', { startTime, attributes })
  return run
}

async function chooseBuild(
  tx: Transaction,
  item: TestItem,
  { buildId, buildNumber }: Pick<TriggerInput, 'buildId' | 'buildNumber'>,
): Promise<Build> {
  if (buildId) {
    const build = await getBuild(tx, buildId)
    if (item.jobName === null || build.jobName === item.jobName) return build
    throw invalid('errors:build_of_other_job', { id: build.id, job: item.jobName, other: build.jobName })
  }
  if (item.jobName === null) throw conflict('errors:item_without_job', { name: item.name })
  if (buildNumber) return getBuildOfNumber(tx, item.jobName, buildNumber)
  const job = await tx.jobVersion.findUnique({
    where: { jobName: item.jobName },
    include: { selectedBuild: true },
  })
  if (!job?.selectedBuild) throw conflict('errors:no_selected_build', { job: item.jobName, name: item.name })
  return job.selectedBuild
}
