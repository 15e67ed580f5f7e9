import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after } from 'node:test'
import { emptyDatabase, query } from '../postgres/empty-database.ts'

const file = (name: string) =>
  readFileSync(new URL(`../fixtures/crat-1x/${name}.sql`, import.meta.url), 'utf8')

export interface OldDatabase {
  /** As its owner. */
  url: string
  /** As somebody who may read its tables and no more. */
  readerUrl: string
  /** A hash of all that is in it. */
  contents(): Promise<string>
}

/** A database of CRAT 1.x with the rows of test/fixtures/crat-1x. */
export async function oldDatabase(): Promise<OldDatabase> {
  const url = await emptyDatabase()
  await query(url, file('schema'))
  await query(url, file('rows'))
  const reader = `reader_${randomBytes(4).toString('hex')}`
  await query(
    url,
    `CREATE ROLE ${reader} LOGIN PASSWORD 'reader'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}`,
  )
  // After the database, in which it has rights.
  const maintenance = Object.assign(new URL(url), { pathname: 'postgres' }).href
  after(() => query(maintenance, `DROP ROLE ${reader}`))
  const readerUrl = Object.assign(new URL(url), { username: reader, password: 'reader' }).href
  return { url, readerUrl, contents: () => hashOf(url) }
}

const TABLES = [
  ...['build_info', 'parameter_sets', 'test_items', 'system_settings', 'user_sessions', 'deploy_test_runs'],
  'job_version_selections',
]

async function hashOf(url: string): Promise<string> {
  const parts = TABLES.map(
    table => `(SELECT md5(string_agg(row::text, '' ORDER BY row::text)) FROM ${table} AS row)`,
  )
  const [row] = await query(url, `SELECT concat_ws(' ', ${parts.join(', ')}) AS hash`)
  return String(row?.hash)
}
