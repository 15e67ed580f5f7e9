import type { Context } from '../context.ts'
import { countEarlierRun } from '../test-results/count-tests.ts'

const FOR_MS = 40_000

/** Counts what earlier versions of CRAT left uncounted, for most of a minute. */
export async function countEarlierTests({ db, log, stopping }: Context): Promise<void> {
  const until = performance.now() + FOR_MS
  let runs = 0
  while (performance.now() < until && !stopping.aborted && (await countEarlierRun(db))) runs += 1
  if (runs) log.info({ runs }, 'tests of earlier runs counted')
}
