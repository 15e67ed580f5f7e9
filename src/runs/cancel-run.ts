import { recordChange } from '../audit/audit.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { conflict, forbidden } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { isTerminal } from '../lib/run-status.ts'
import { type RunStore, recordEvent, StaleRunError } from './record-event.ts'
import { type FullRun, findRun, getRun } from './runs.ts'

export async function cancelRun(store: RunStore, id: number, person: Person): Promise<FullRun> {
  for (;;) {
    const run = await findRun(store.db, id)
    refuseStranger(run, person)
    if (isTerminal(run.status)) throw conflict('errors:run_finished', { id, status: run.status })
    try {
      await recordEvent(store, run, { type: 'cancelled', by: person.email }, tx =>
        recordChange(tx, {
          actor: person,
          action: 'cancel run',
          subject: `${run.itemName} · ${run.jobName} #${run.buildNumber}`,
          before: { run_id: id, status: run.status },
        }),
      )
      return await getRun(store.db, id)
    } catch (error) {
      if (!(error instanceof StaleRunError)) throw error
    }
  }
}

function refuseStranger(run: Run, person: Person): void {
  if (mayCancel(run, person)) return
  throw forbidden('errors:not_your_run', { owner: run.triggeredBy })
}

export function mayCancel(run: Pick<Run, 'triggeredBy'>, person: Pick<Person, 'email' | 'isAdmin'>): boolean {
  return person.isAdmin || run.triggeredBy === person.email
}
