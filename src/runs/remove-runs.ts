import type { Database } from '../database/client.ts'
import { uncountTests } from '../test-results/count-tests.ts'

const RUNS_AT_ONCE = 20
const TESTS_AT_ONCE = 10_000

/**
 * Deletes the finished runs that `findSome` returns, at most so many at a time, until it returns none. Each statement
 * deletes a bounded number of rows, so that no other request waits for it. Returns how many runs.
 */
export async function removeRuns(
  db: Database,
  findSome: (atMost: number) => Promise<{ id: number }[]>,
): Promise<number> {
  let removed = 0
  for (;;) {
    const ids = (await findSome(RUNS_AT_ONCE)).map(({ id }) => id)
    if (ids.length === 0) return removed
    for (const id of ids) {
      await uncountTests(db, id)
      await removeTests(db, id)
    }
    removed += (await db.run.deleteMany({ where: { id: { in: ids } } })).count
  }
}

/** From the end of the report, so that what an interruption leaves is still a part of it. */
async function removeTests(db: Database, runId: number): Promise<void> {
  const last = await db.testResult.findFirst({
    where: { runId },
    orderBy: { position: 'desc' },
    select: { position: true },
  })
  for (let from = last?.position ?? -1; from >= TESTS_AT_ONCE; ) {
    from -= TESTS_AT_ONCE
    await db.testResult.deleteMany({ where: { runId, position: { gt: from } } })
  }
}
