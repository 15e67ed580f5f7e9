import type { Context } from '../context.ts'
import { createIndexes } from '../postgres/indexes.ts'

/** Those of large tables that the last upgrade left to be created while CRAT runs. */
export async function createMissingIndexes({ pool, log }: Context): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SET statement_timeout = 0')
    const created = await createIndexes(client)
    if (created.length > 0) log.info({ indexes: created }, 'indexes were created')
  } finally {
    // Not back to the pool: its timeout was changed, and it may hold a lock.
    client.release(true)
  }
}
