import type pg from 'pg'
import { oneLine, storable } from '../lib/text.ts'
import { findBuilds, findBuildsByNumber } from './find-builds.ts'
import { findNamed } from './find-named.ts'
import { findPages, type Reader } from './find-pages.ts'
import { findRun } from './find-run.ts'
import { findTests } from './find-tests.ts'
import { type Result, rankResults } from './result.ts'
import { withinTime } from './within-time.ts'

/** Many times what it takes: a search that is slow must not slow down the others. */
const LIMIT_MS = 250

/** Finds what a reader may open by its name or number. A kind that takes too long is left out. */
export async function search(
  { pool, log }: { pool: pg.Pool; log: { warn(fields: object, message: string): void } },
  text: string,
  reader: Reader,
): Promise<Result[]> {
  const query = normalise(text)
  if (!query) return []
  const { results, late } = await withinTime(
    pool,
    LIMIT_MS,
    [findRun, findNamed, findBuildsByNumber, findTests, findBuilds].map(
      find => ask => find(ask, query, reader),
    ),
  )
  if (late) log.warn({ late }, 'a search took too long')
  return rankResults(query, [...findPages(query, reader), ...results.flat()])
}

/** As names are compared. */
export function normalise(text: string): string {
  return oneLine(storable(text)).toLowerCase()
}
