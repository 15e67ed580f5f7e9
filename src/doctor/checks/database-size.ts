import { formatBytes } from '../../lib/format.ts'
import { type Finding, ok, type Subject, warning } from '../check.ts'

const MOST_CONNECTIONS = 0.8

export async function checkDatabaseSize({ query }: Subject): Promise<Finding[]> {
  const [row] = await query<{ bytes: string; used: number; most: number }>(
    `SELECT pg_database_size(current_database()) AS bytes, (SELECT count(*)::int FROM pg_stat_activity) AS used,
       current_setting('max_connections')::int AS most`,
  )
  if (!row) return []
  const { used, most } = row
  const size = formatBytes('en', Number(row.bytes))
  if (used > most * MOST_CONNECTIONS) return [warning('doctor:connections_scarce', { used, most })]
  return [ok('doctor:size_ok', { size, used, most })]
}
