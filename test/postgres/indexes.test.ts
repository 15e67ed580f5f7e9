import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { connectClient } from '../../src/postgres/connect.ts'
import { createIndexes, createIndexesOfSmallTables } from '../../src/postgres/indexes.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { emptyDatabase, query } from './empty-database.ts'

const url = await emptyDatabase()
await migrate(url)
const all = await namesOf('true')

async function namesOf(condition: string): Promise<string[]> {
  const rows = await query(
    url,
    `SELECT indexrelid::regclass::text AS name FROM pg_index
     WHERE indrelid::regclass::text NOT LIKE 'pg_%' AND ${condition} ORDER BY 1`,
  )
  return rows.map(({ name }) => `${name}`)
}

async function connect() {
  const client = await connectClient(url)
  after(() => client.end())
  return client
}

const LEFT = 'deploy_test_runs_outcome_id_idx'
const ADD_BUILDS = `
  INSERT INTO build_info (job_name, build_number, package_path, raw_data)
  SELECT 'CDN/Core', number, '/' || number, '{}' FROM generate_series(1, 10001) AS number`

describe('indexes that no migration creates', () => {
  it('are there at once in an empty database, as the schema has them', () => {
    assert.ok(all.includes(LEFT))
    assert.ok(all.includes('notifications_due_idx'))
    assert.ok(all.some(name => name.startsWith('build_info_') && /search_text|prefix/.test(name)))
  })

  it('are created later where their tables are large, by one process', async () => {
    await query(url, ADD_BUILDS)
    const search = all.find(name => /search_text|job_name_prefix/.test(name)) ?? ''
    await query(url, `DROP INDEX ${search}; DROP INDEX ${LEFT}`)
    const [one, other] = [await connect(), await connect()]

    await createIndexesOfSmallTables(one)
    assert.deepEqual(
      all.filter(name => name !== search),
      await namesOf('true'),
    )
    const created = await Promise.all([createIndexes(one), createIndexes(other)])

    assert.deepEqual(created.flat(), [search])
    assert.deepEqual(await namesOf('true'), all)
  })

  it('are created anew where an interrupted attempt left half of one', async () => {
    await query(url, `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${LEFT}'::regclass`)
    assert.deepEqual(await namesOf('NOT indisvalid'), [LEFT])

    assert.deepEqual(await createIndexes(await connect()), [LEFT])

    assert.deepEqual(await namesOf('NOT indisvalid'), [])
    assert.deepEqual(await namesOf('true'), all)
  })
})
