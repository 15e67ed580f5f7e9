import type { Queryable, Transaction } from '../database/client.ts'
import type { ReportSummary } from '../lib/report-summary.ts'
import type { RunEnd } from './record-event.ts'

/** Adds an ended run to the figures of its day, which outlive it. Call it in the transaction that ends the run. */
export async function countRunOfDay(tx: Transaction, { run, change: { run: end } }: RunEnd): Promise<void> {
  if (end.status === 'CANCELLED') return
  const finishedAt = end.finishedAt ?? new Date()
  const { startedAt } = run
  const isTimed = startedAt && (end.status === 'COMPLETED' || end.status === 'DEPLOY_COMPLETE')
  const durationMs = isTimed ? between(startedAt, finishedAt) : null
  const waitMs = startedAt && between(run.requeuedAt ?? run.createdAt, startedAt)
  const reportMs = end.summary ? await timeToFirstReport(tx, run, finishedAt) : null
  const { passed = 0, failed = 0, broken = 0 }: Partial<ReportSummary> = end.summary ?? {}
  await tx.$executeRaw`
    INSERT INTO run_days AS day (test_item_id, day, runs, passed, failed, errors, tests_passed, tests_failed,
      duration_ms, timed, wait_ms, waited, report_ms, reported)
    VALUES (${run.testItemId}, (${finishedAt}::timestamptz AT TIME ZONE 'UTC')::date, 1,
      ${count(end.outcome === 'passed')}, ${count(end.outcome === 'failed')}, ${count(end.status === 'FAILED')},
      ${passed}, ${failed + broken}, ${durationMs ?? 0}, ${count(durationMs !== null)},
      ${waitMs ?? 0}, ${count(waitMs !== null)}, ${reportMs ?? 0}, ${count(reportMs !== null)})
    ON CONFLICT (test_item_id, day) DO UPDATE SET runs = day.runs + EXCLUDED.runs,
      passed = day.passed + EXCLUDED.passed, failed = day.failed + EXCLUDED.failed,
      errors = day.errors + EXCLUDED.errors, tests_passed = day.tests_passed + EXCLUDED.tests_passed,
      tests_failed = day.tests_failed + EXCLUDED.tests_failed,
      duration_ms = day.duration_ms + EXCLUDED.duration_ms, timed = day.timed + EXCLUDED.timed,
      wait_ms = day.wait_ms + EXCLUDED.wait_ms, waited = day.waited + EXCLUDED.waited,
      report_ms = day.report_ms + EXCLUDED.report_ms, reported = day.reported + EXCLUDED.reported`
}

const count = (is: boolean) => (is ? 1 : 0)
const between = (from: Date, to: Date) => Math.max(0, to.getTime() - from.getTime())

/** From the announcement of the build; null where an earlier run has shown figures of it. */
async function timeToFirstReport(
  db: Queryable,
  { id, testItemId, buildId }: RunEnd['run'],
  finishedAt: Date,
): Promise<number | null> {
  if (buildId === null) return null
  const [found] = await db.$queryRaw<{ announcedAt: Date; isFirst: boolean }[]>`
    SELECT created_at AS "announcedAt", NOT EXISTS (
      SELECT FROM deploy_test_runs
      WHERE build_info_id = ${buildId} AND test_item_id = ${testItemId} AND id <> ${id} AND summary IS NOT NULL
    ) AS "isFirst"
    FROM build_info WHERE id = ${buildId}`
  return found?.isFirst ? between(found.announcedAt, finishedAt) : null
}
