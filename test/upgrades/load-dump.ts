import { readFileSync } from 'node:fs'
import { query } from '../postgres/empty-database.ts'
import { HOSTS } from './hosts.ts'

/** Loads a dump as if it had just been made, with the peers at these addresses. */
export async function loadDump(
  databaseUrl: string,
  file: string,
  hosts: Record<keyof typeof HOSTS, string>,
): Promise<void> {
  let sql = atPresent(readFileSync(file, 'utf8'))
  for (const [name, host] of Object.entries(HOSTS))
    sql = sql.replaceAll(host, hosts[name as keyof typeof HOSTS])
  await query(databaseUrl, sql)
}

const TIME = /'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00)'/g

/** Nothing in it is overdue or too old to be kept. */
function atPresent(sql: string): string {
  const [, dumpedAt = ''] = /^-- Dumped at (\S+)\n/.exec(sql) ?? []
  const age = Date.now() - Date.parse(dumpedAt)
  return sql.replace(TIME, (_, time) => `'${new Date(Date.parse(time) + age).toISOString()}'`)
}
