import type pg from 'pg'

export const TRIGRAM_INDEX = 'build_info_search_text_idx'
const PREFIX = 'build_info_job_name_prefix_idx'

/**
 * The index for the search of builds: by trigrams if PostgreSQL has them, else by the beginning of a job's name. It is
 * no migration, because it depends on the server and the size of the table. Returns whether it was created now.
 */
export async function createSearchIndex(
  client: pg.ClientBase,
  { concurrently }: { concurrently: boolean },
): Promise<boolean> {
  const [name, definition] = (await hasTrigrams(client))
    ? [TRIGRAM_INDEX, 'gin (search_text gin_trgm_ops)']
    : [PREFIX, 'btree (lower(job_name) text_pattern_ops)']
  if (await isValidIndex(client, name)) return false
  // What an interrupted attempt left is used by no query.
  const how = concurrently ? 'CONCURRENTLY' : ''
  await client.query(`DROP INDEX ${how} IF EXISTS ${name}`)
  await client.query(`CREATE INDEX ${how} ${name} ON build_info USING ${definition}`)
  return true
}

async function hasTrigrams(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    return true
  } catch {
    // Not installed on the server, or not for this user to create.
    return false
  }
}

export async function hasTrigramIndex(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  return isValidIndex(client, TRIGRAM_INDEX)
}

export const VALID_INDEX = 'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)'

async function isValidIndex(client: Pick<pg.ClientBase, 'query'>, name: string): Promise<boolean> {
  const { rows } = await client.query<{ valid: boolean }>(VALID_INDEX, [name])
  return rows[0]?.valid ?? false
}

const SMALL_TABLE = 10_000

/** After a migration: at once if that takes no time; else a worker does it later, without locking the table. */
export async function createSearchIndexOfSmallTable(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT FROM build_info LIMIT ${SMALL_TABLE + 1}) AS build`,
  )
  if ((rows[0]?.count ?? 0) <= SMALL_TABLE) await createSearchIndex(client, { concurrently: false })
}
