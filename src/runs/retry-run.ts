import { recordChange } from '../audit/audit.ts'
import type { Transaction } from '../database/client.ts'
import { getEnvironment } from '../environments/environments.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { conflict } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { isTerminal } from '../lib/run-status.ts'
import { recordSpan } from '../lib/spans.ts'
import { refuseTriggering } from '../test-items/allowed-triggerers.ts'
import { createRun, freezeScripts, lockItem } from './create-run.ts'
import { chooseParameterSet, freezeParameters } from './freeze-parameters.ts'
import { type FullRun, findRun, getRun } from './runs.ts'
import type { SealedStore } from './trigger-run.ts'

export interface RetryInput {
  environmentId?: number | null
  /** `frozen`: those of the run; `current`: those of its set today. */
  parameters?: 'frozen' | 'current'
}

export async function retryRun(
  store: SealedStore,
  id: number,
  person: Person,
  input: RetryInput = {},
): Promise<FullRun> {
  const startTime = Date.now()
  const retryId = await store.db.$transaction(async tx => {
    const old = await findRun(tx, id)
    if (!isTerminal(old.status)) throw conflict('errors:run_not_finished', { id, status: old.status })
    if (old.trigger === 'upload') throw conflict('errors:run_uploaded', { id })
    const item = await lockItem(tx, old.testItemId)
    refuseTriggering(item, person)
    const environment = input.environmentId ? await getEnvironment(tx, input.environmentId) : null
    const { testItemId, itemName, buildId, jobName, buildNumber, packagePath } = old
    const run = await createRun(tx, person, item, {
      ...{ testItemId, itemName, buildId, jobName, buildNumber, packagePath },
      ...(await parametersFor(tx, store, old, item, input.parameters)),
      scripts: await freezeScripts(tx, old),
      wantedEnvironmentId: environment?.id ?? null,
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
  const run = await getRun(store.db, retryId)
  const { buildId, id: runId } = run
  recordSpan({ buildId, runId }, 'retry run', { startTime, attributes: { 'crat.run': runId } })
  return run
}

async function parametersFor(
  tx: Transaction,
  { sealer }: SealedStore,
  old: Run,
  item: TestItem,
  which: RetryInput['parameters'],
) {
  if (which !== 'current') return { parameterSetId: old.parameterSetId, parameters: old.parameters ?? {} }
  const set = await chooseParameterSet(tx, item, old.parameterSetId)
  return { parameterSetId: set.id, parameters: freezeParameters(sealer, set, { name: old.itemName }) }
}
