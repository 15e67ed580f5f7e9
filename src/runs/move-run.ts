import { recordChange } from '../audit/audit.ts'
import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import { conflict } from '../lib/errors.ts'
import { findRun } from './runs.ts'

export type MoveTo = 'front' | 'back' | number

export async function moveRun({ db }: Store, id: number, to: MoveTo, actor: string): Promise<void> {
  await db.$transaction(async tx => {
    // One at a time: the places are computed from each other.
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(71261)::text`
    const run = await findRun(tx, id)
    if (run.status !== 'PENDING') throw conflict('errors:run_not_waiting', { id, status: run.status })
    const queueOrder = await placeFor(tx, id, to)
    await tx.run.update({ where: { id }, data: { queueOrder } })
    const subject = `${run.itemName} · ${run.jobName} #${run.buildNumber}`
    await recordChange(tx, { actor, action: 'move run', subject, after: { run_id: id, to } })
    await announceChange(tx, { topic: 'run', id })
  })
}

async function placeFor(tx: Transaction, id: number, to: MoveTo): Promise<number> {
  const others = await tx.$queryRaw<{ id: number; place: number }[]>`
    SELECT id, coalesce(queue_order, id)::float AS place FROM deploy_test_runs
    WHERE status = 'PENDING' AND id <> ${id} ORDER BY place, id`
  const [first, last] = [others[0]?.place ?? id, others.at(-1)?.place ?? id]
  if (to === 'front') return first - 1
  if (to === 'back') return last + 1
  const next = others.findIndex(other => other.id === to)
  if (next < 0) throw conflict('errors:run_not_waiting', { id: to, status: (await findRun(tx, to)).status })
  const [before, after] = [others[next - 1]?.place ?? first - 2, others[next]?.place ?? last]
  return (before + after) / 2
}
