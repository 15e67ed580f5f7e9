import { type Finding, ok, type Subject, warning } from '../check.ts'

const MANY_DEAD = 50_000
const DEAD_SHARE = 0.3

/** Estimates of the statistics collector: no table is read. */
export async function checkBloat({ query }: Subject): Promise<Finding[]> {
  const rows = await query<{ name: string; dead: number; share: number }>(
    `SELECT relname::text AS name, n_dead_tup::int AS dead, round(100.0 * n_dead_tup / (n_live_tup + n_dead_tup))::int AS share
     FROM pg_stat_user_tables WHERE n_dead_tup > $1 AND n_dead_tup > $2::float8 * (n_live_tup + n_dead_tup)
     ORDER BY n_dead_tup DESC`,
    [MANY_DEAD, DEAD_SHARE],
  )
  const [vacuum] = await query<{ on: boolean }>(`SELECT current_setting('autovacuum')::boolean AS on`)
  const findings = [
    ...rows.map(({ name, dead, share }) => warning('doctor:bloated', { table: name, dead, share })),
    ...(vacuum?.on ? [] : [warning('doctor:autovacuum_off')]),
  ]
  return findings.length ? findings : [ok('doctor:bloat_ok')]
}
