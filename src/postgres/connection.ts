import { readFile } from 'node:fs/promises'
import pg from 'pg'
import type { Cluster } from './cluster.ts'

export const SUPERUSER = 'crat'
const DATABASE = 'crat'

export interface Address {
  port: number
  password: string
}

export async function addressOf({ passwordFile }: Cluster, port: number): Promise<Address> {
  return { port, password: (await readFile(passwordFile, 'utf8')).trim() }
}

export function databaseUrl({ port, password }: Address): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${DATABASE}`
}

export function ping(address: Address): Promise<unknown> {
  return withClient(address, client => client.query('SELECT 1'))
}

export function createDatabase(address: Address): Promise<void> {
  return withClient(address, async client => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`)
  })
}

export function hasClients(address: Address): Promise<boolean> {
  return withClient(address, async client => {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
    return rowCount !== 0
  })
}

async function withClient<T>(
  { port, password }: Address,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: SUPERUSER, password, database: 'postgres' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
