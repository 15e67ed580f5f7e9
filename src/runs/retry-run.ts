import { recordChange } from '../audit/audit.ts'
import type { Store } from '../database/store.ts'
import { conflict } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { isTerminal } from '../lib/run-status.ts'
import { refuseTriggering } from '../test-items/allowed-triggerers.ts'
import { createRun, lockItem } from './create-run.ts'
import { type FullRun, findRun, getRun } from './runs.ts'

/** Queues a finished run again, with the same build and parameters but the current settings. */
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
