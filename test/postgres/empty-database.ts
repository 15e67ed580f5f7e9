import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'

const server = process.env.TEST_DATABASE_URL ?? ''

/** A database without anything; it goes after the test file. */
export async function emptyDatabase(): Promise<string> {
  const name = `empty_${randomBytes(6).toString('hex')}`
  const [maintenance, url] = [new URL(server), new URL(server)]
  maintenance.pathname = 'postgres'
  url.pathname = name
  await query(maintenance.href, `CREATE DATABASE ${name} TEMPLATE template0`)
  after(() => query(maintenance.href, `DROP DATABASE ${name} WITH (FORCE)`))
  return url.href
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
