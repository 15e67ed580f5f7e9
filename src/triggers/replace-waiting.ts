import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { forecastStarts } from '../runs/queue.ts'
import { type RunStore, recordEvent, StaleRunError } from '../runs/record-event.ts'
import { findRun } from '../runs/runs.ts'
import { automatic } from './automatic.ts'

interface Replaced {
  id: number
  /** Of the next build that is tested by itself. */
  newer: number
}

/** Ends the runs of builds that still wait behind others though a newer build is tested. Safe to repeat. */
export async function replaceWaiting(store: RunStore, testItemId?: number): Promise<void> {
  const replaced = await findReplaced(store.db, testItemId)
  if (!replaced.length) return
  const forecasts = await forecastStarts(store.db)
  // The head of an idle environment does not wait: it starts at any moment.
  for (const { id, newer } of replaced)
    if (forecasts.get(id)?.position) await endReplaced(store, id, `newer build #${newer}`)
}

function findReplaced(db: Queryable, testItemId: number | undefined): Promise<Replaced[]> {
  const ofItem = testItemId === undefined ? Prisma.empty : Prisma.sql`AND old.test_item_id = ${testItemId}`
  return db.$queryRaw`
    SELECT old.id, newer.build_number AS newer
    FROM deploy_test_runs old, LATERAL (
      SELECT build_number FROM deploy_test_runs
      WHERE test_item_id = old.test_item_id AND job_name = old.job_name AND trigger = 'build'
        AND build_info_id > old.build_info_id
      ORDER BY build_info_id LIMIT 1
    ) AS newer
    WHERE old.status = 'PENDING' AND old.trigger = 'build' ${ofItem}
    ORDER BY old.id`
}

async function endReplaced(store: RunStore, id: number, by: string): Promise<void> {
  const run = await findRun(store.db, id)
  if (run.status !== 'PENDING') return
  try {
    await recordEvent(store, run, { type: 'cancelled', by }, tx =>
      recordChange(tx, {
        actor: automatic('build'),
        action: 'cancel run',
        subject: `${run.itemName} · ${run.jobName} #${run.buildNumber}`,
        before: { run_id: id, status: run.status },
      }),
    )
  } catch (error) {
    // It has just started.
    if (!(error instanceof StaleRunError)) throw error
  }
}
