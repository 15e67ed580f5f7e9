import { recordChange } from '../audit/audit.ts'
import { getBuild } from '../builds/builds.ts'
import type { Transaction } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import { getEnvironment } from '../environments/environments.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type {
  BuildModel as Build,
  ParameterSetModel as ParameterSet,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { conflict, invalid } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { recordSpan } from '../lib/spans.ts'
import { getDefaultParameterSet, getParameterSet } from '../parameter-sets/parameter-sets.ts'
import { DEFAULT_PARAMETERS } from '../parameter-sets/parameters.ts'
import { refuseTriggering } from '../test-items/allowed-triggerers.ts'
import { createRun, freezeScripts, lockItem } from './create-run.ts'
import { type FullRun, getRun } from './runs.ts'

export interface TriggerInput {
  testItemId: number
  buildId?: number | null
  parameterSetId?: number | null
  environmentId?: number | null
}

export async function triggerRun(store: Store, input: TriggerInput, person: Person): Promise<FullRun> {
  const startTime = Date.now()
  const id = await store.db.$transaction(async tx => {
    const item = await lockItem(tx, input.testItemId)
    refuseTriggering(item, person)
    const build = await chooseBuild(tx, item, input.buildId)
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
      parameters: resolveParameters(set, item),
      scripts: await freezeScripts(tx, item),
      wantedEnvironmentId: environment?.id ?? null,
    })
    await recordChange(tx, {
      actor: person,
      action: 'trigger run',
      subject: `${item.name} · ${build.jobName} #${build.buildNumber}`,
      after: { run_id: run.id },
    })
    return run.id
  })
  const run = await getRun(store.db, id)
  const { buildId, id: runId } = run
  recordSpan({ buildId, runId }, 'trigger run', { startTime, attributes: { 'crat.run': runId } })
  return run
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

function resolveParameters(set: ParameterSet, item: TestItem): Prisma.InputJsonObject {
  const { package_path, ...given } = set.parameters as Prisma.JsonObject
  return {
    ...DEFAULT_PARAMETERS,
    ...given,
    service_name: given.service_name || item.name,
    report_keyword: given.report_keyword || item.name,
  }
}
