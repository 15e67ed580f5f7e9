import type { Context } from '../context.ts'
import { createSearchIndex } from '../postgres/search-index.ts'

export async function createIndexForSearch({ pool, log }: Context): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SET statement_timeout = 0')
    if (await createSearchIndex(client, { concurrently: true }))
      log.info('the index for the search of builds was created')
  } finally {
    // Not back to the pool: its timeout was changed.
    client.release(true)
  }
}
