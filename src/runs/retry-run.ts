import { recordChange } from '../audit/audit.ts'
import type { Store } from '../database/store.ts'
import { getEnvironment } from '../environments/environments.ts'
import { conflict } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { isTerminal } from '../lib/run-status.ts'
import { recordSpan } from '../lib/spans.ts'
import { refuseTriggering } from '../test-items/allowed-triggerers.ts'
import { createRun, freezeScripts, lockItem } from './create-run.ts'
import { type FullRun, findRun, getRun } from './runs.ts'

export async function retryRun(
  store: Store,
  id: number,
  person: Person,
  input: { environmentId?: number | null } = {},
): Promise<FullRun> {
  const startTime = Date.now()
  const retryId = await store.db.$transaction(async tx => {
    const old = await findRun(tx, id)
    if (!isTerminal(old.status)) throw conflict('errors:run_not_finished', { id, status: old.status })
    const item = await lockItem(tx, old.testItemId)
    refuseTriggering(item, person)
    const environment = input.environmentId ? await getEnvironment(tx, input.environmentId) : null
    const { testItemId, itemName, buildId, jobName, buildNumber, packagePath, parameterSetId } = old
    const run = await createRun(tx, person, item, {
      ...{ testItemId, itemName, buildId, jobName, buildNumber, packagePath, parameterSetId },
      parameters: old.parameters ?? {},
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
