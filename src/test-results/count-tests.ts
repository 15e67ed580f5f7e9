import type { Database, Transaction } from '../database/client.ts'
import { testStates, worstTestStatus } from '../database/states.ts'
import { Prisma } from '../generated/prisma/client.ts'

const testsOf = (runId: number) => Prisma.sql`
  SELECT test_key, min(name) AS name, min(suite) AS suite, bool_or(flaky) AS flaky,
    (${worstTestStatus})::test_status AS status
  FROM test_results WHERE run_id = ${runId} GROUP BY test_key`

/**
 * Adds a run's tests to what is known of the item's. Runs are counted in the order of their ends, and those of earlier
 * versions from the newest to the oldest.
 */
export async function countTests(tx: Transaction, testItemId: number, runId: number): Promise<void> {
  await lockTestsOf(tx, testItemId)
  await tx.$executeRaw`
    INSERT INTO item_tests AS known (test_item_id, test_key, name, suite, last_status, last_run_id, runs, passes,
      failures, first_failed_run_id, last_flaky_run_id)
    SELECT ${testItemId}, test_key, name, suite, status, ${runId}, 1, (status = 'passed')::int,
      (status IN ${testStates.failing})::int, CASE WHEN status IN ${testStates.failing} THEN ${runId}::int END,
      CASE WHEN flaky THEN ${runId}::int END
    FROM (${testsOf(runId)}) AS test
    ON CONFLICT (test_item_id, test_key) DO UPDATE SET
      name = CASE WHEN ${runId} > known.last_run_id THEN EXCLUDED.name ELSE known.name END,
      suite = CASE WHEN ${runId} > known.last_run_id THEN EXCLUDED.suite ELSE known.suite END,
      last_status = CASE WHEN ${runId} > known.last_run_id THEN EXCLUDED.last_status ELSE known.last_status END,
      last_run_id = greatest(known.last_run_id, EXCLUDED.last_run_id),
      runs = known.runs + 1,
      passes = known.passes + EXCLUDED.passes,
      failures = known.failures + EXCLUDED.failures,
      first_failed_run_id = ${firstFailed(testItemId, runId)},
      last_flaky_run_id = greatest(known.last_flaky_run_id, EXCLUDED.last_flaky_run_id)`
}

/** A run that ends after a later one may fail before the first known failure, or pass between that and the last. */
function firstFailed(testItemId: number, runId: number): Prisma.Sql {
  const laterResults = Prisma.sql`
    FROM test_results AS result
    WHERE result.test_key = known.test_key AND run_id > ${runId}
      AND run_id IN (SELECT id FROM deploy_test_runs WHERE test_item_id = ${testItemId})`
  return Prisma.sql`CASE
    WHEN ${runId} > known.last_run_id AND EXCLUDED.passes = 1 THEN NULL
    WHEN EXCLUDED.passes = 1 AND known.first_failed_run_id < ${runId}
      THEN (SELECT min(run_id) ${laterResults} AND status IN ${testStates.failing})
    WHEN EXCLUDED.failures = 1 AND (${runId} > known.last_run_id OR known.passes = 0 OR NOT EXISTS (
      SELECT ${laterResults} AND run_id < coalesce(known.first_failed_run_id, known.last_run_id + 1)
      GROUP BY run_id HAVING ${worstTestStatus} = 'passed'
    )) THEN least(known.first_failed_run_id, EXCLUDED.first_failed_run_id)
    ELSE known.first_failed_run_id END`
}

/** Takes the tests of a run that is to be removed from what is known of the item's. */
export async function uncountTests(db: Database, runId: number): Promise<void> {
  await db.$transaction(async tx => {
    const [removed] = await tx.$queryRaw<{ counted: boolean; testItemId: number }[]>`
      DELETE FROM test_comparisons USING deploy_test_runs AS run
      WHERE run_id = ${runId} AND run.id = run_id
      RETURNING counted, run.test_item_id AS "testItemId"`
    if (!removed?.counted) return
    await lockTestsOf(tx, removed.testItemId)
    await tx.$executeRaw`
      UPDATE item_tests AS known SET runs = runs - 1, passes = passes - (test.status = 'passed')::int,
        failures = failures - (test.status IN ${testStates.failing})::int
      FROM (${testsOf(runId)}) AS test
      WHERE known.test_item_id = ${removed.testItemId} AND known.test_key = test.test_key`
    await tx.$executeRaw`DELETE FROM item_tests WHERE test_item_id = ${removed.testItemId} AND runs <= 0`
  })
}

/** One after the other: two that write the same rows in another order would block each other. */
async function lockTestsOf(tx: Transaction, testItemId: number): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`tests of item ${testItemId}`}, 0))`
}

/** Counts the newest run that an earlier version of CRAT left uncounted; returns false where there is none. */
export function countEarlierRun(db: Database): Promise<boolean> {
  return db.$transaction(async tx => {
    const [run] = await tx.$queryRaw<{ id: number; testItemId: number }[]>`
      SELECT run.id, run.test_item_id AS "testItemId"
      FROM (SELECT run_id FROM test_comparisons WHERE NOT counted ORDER BY run_id DESC LIMIT 1
        FOR UPDATE SKIP LOCKED) AS uncounted
      JOIN deploy_test_runs AS run ON run.id = run_id`
    if (!run) return false
    await countTests(tx, run.testItemId, run.id)
    await tx.testComparison.update({ where: { runId: run.id }, data: { counted: true } })
    return true
  })
}
