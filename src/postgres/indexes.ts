import type pg from 'pg'

/** An index that no migration creates: while one is built in a transaction, nobody may write to its table. */
interface Index {
  name: string
  table: string
  /** What follows the table's name. */
  definition: string
}

const INDEXES: Index[] = [
  {
    name: 'build_info_build_number_idx',
    table: 'build_info',
    definition: '(build_number)',
  },
  {
    name: 'deploy_test_runs_test_item_id_status_outcome_id_idx',
    table: 'deploy_test_runs',
    definition: '(test_item_id, status, outcome, id DESC)',
  },
  {
    name: 'deploy_test_runs_outcome_id_idx',
    table: 'deploy_test_runs',
    definition: '(outcome, id DESC)',
  },
  {
    name: 'deploy_test_runs_finished_at_outcome_idx',
    table: 'deploy_test_runs',
    definition: '(finished_at, outcome)',
  },
  {
    name: 'deploy_test_runs_environment_id_id_idx',
    table: 'deploy_test_runs',
    definition: '(environment_id, id DESC)',
  },
  {
    name: 'deploy_test_runs_script_bundle_idx',
    table: 'deploy_test_runs',
    definition: '(script_bundle, script_bundle_version) WHERE script_bundle IS NOT NULL',
  },
  {
    name: 'test_comparisons_uncounted',
    table: 'test_comparisons',
    definition: '(run_id) WHERE NOT counted',
  },
  {
    name: 'notifications_channel_id_id_idx',
    table: 'notifications',
    definition: '(channel_id, id DESC)',
  },
  {
    // What waits for the workers. The mail queue itself knows when mails are due.
    name: 'notifications_due_idx',
    table: 'notifications',
    definition: `(next_try_at) WHERE status = 'waiting' AND kind <> 'mail'`,
  },
]

export const TRIGRAM_INDEX = 'build_info_search_text_idx'

/** For the search of builds: by trigrams if PostgreSQL has them, else by the beginning of a job's name. */
const searchIndex = (hasTrigrams: boolean): Index =>
  hasTrigrams
    ? {
        name: TRIGRAM_INDEX,
        table: 'build_info',
        // In kB. Whoever adds the build that fills the list empties it: 4 MB, the default, take 0.1 s.
        definition: 'USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)',
      }
    : {
        name: 'build_info_job_name_prefix_idx',
        table: 'build_info',
        definition: '(lower(job_name) text_pattern_ops)',
      }

/** Any number that no one else uses for an advisory lock in this database. */
const LOCK = 7_126_054

/** Creates those that are missing without keeping anybody from their tables. Returns their names. */
export async function createIndexes(client: pg.ClientBase): Promise<string[]> {
  if (!(await tryLock(client))) return []
  await addTrigrams(client)
  const missing = await findMissing(queryOf(client))
  for (const { name, table, definition } of missing) {
    // What an interrupted attempt left is used by no query.
    await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`)
    await client.query(`CREATE INDEX CONCURRENTLY ${name} ON ${table} ${definition}`)
  }
  return missing.map(({ name }) => name)
}

/** Until the connection ends. False: another process is at it. */
async function tryLock(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    LOCK,
  ])
  return rows[0]?.locked ?? false
}

/** After a migration: those that take no time. A worker creates the others later. */
export async function createIndexesOfSmallTables(client: pg.ClientBase): Promise<void> {
  await addTrigrams(client)
  for (const { name, table, definition } of await findMissing(queryOf(client)))
    if (await isSmall(client, table)) {
      await client.query(`DROP INDEX IF EXISTS ${name}`)
      await client.query(`CREATE INDEX ${name} ON ${table} ${definition}`)
    }
}

async function addTrigrams(client: pg.ClientBase): Promise<void> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm').catch(() => {
    // Not installed on the server, or not for this user to create.
  })
}

type Query = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>

/** Those that are not there, or not whole. */
export async function findMissing(query: Query): Promise<Index[]> {
  const trigrams = await query(`SELECT FROM pg_extension WHERE extname = 'pg_trgm'`)
  const indexes = [...INDEXES, searchIndex(trigrams.length > 0)]
  const rows = await query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) AS name
     WHERE NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(name) AND indisvalid)`,
    [indexes.map(({ name }) => name)],
  )
  return indexes.filter(({ name }) => rows.some(row => row.name === name))
}

function queryOf(client: pg.ClientBase): Query {
  return async <Row extends object>(sql: string, values?: unknown[]) =>
    (await client.query<Row>(sql, values)).rows
}

const SMALL_TABLE = 10_000

async function isSmall(client: pg.ClientBase, table: string): Promise<boolean> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT FROM ${table} LIMIT ${SMALL_TABLE + 1}) AS row`,
  )
  return (rows[0]?.count ?? 0) <= SMALL_TABLE
}

export async function hasTrigramIndex(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ valid: boolean }>(VALID_INDEX, [TRIGRAM_INDEX])
  return rows[0]?.valid ?? false
}

export const VALID_INDEX = 'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)'
