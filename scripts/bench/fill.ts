import type pg from 'pg'
import { withConnection } from './databases.ts'
import { statementsFor } from './rows.ts'
import type { Sizes } from './sizes.ts'

/** Fills a database that was just set up. */
export async function fill(databaseUrl: string, sizes: Sizes, signal: AbortSignal): Promise<void> {
  const began = performance.now()
  await withConnection(databaseUrl, async connection => {
    // Only while filling: nothing of it needs to outlive a crash.
    await connection.query('SET synchronous_commit = off')
    for (const { table, sql } of statementsFor(sizes)) {
      signal.throwIfAborted()
      await withoutIndexes(connection, table, () => connection.query(sql))
    }
    await connection.query('VACUUM ANALYZE')
    await connection.query('CHECKPOINT')
  })
  const { builds, runs } = sizes
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(
    `filled a database with ${builds.toLocaleString('en')} builds, ${runs.toLocaleString('en')} runs in ${seconds} s`,
  )
}

/** Takes away the indexes that hold no promise, and makes them again: faster by far than to keep them in order. */
async function withoutIndexes(
  connection: pg.Client,
  table: string,
  act: () => Promise<unknown>,
): Promise<void> {
  const { rows } = await connection.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index WHERE indrelid = $1::regclass AND NOT indisunique`,
    [table],
  )
  for (const { name } of rows) await connection.query(`DROP INDEX ${name}`)
  await act()
  for (const { definition } of rows) await connection.query(definition)
}
