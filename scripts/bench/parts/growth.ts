import type { Part } from '../bench.ts'
import { query } from '../databases.ts'

/** What one row of the first table brings with it. */
const KINDS: { name: string; tables: string[] }[] = [
  { name: 'a build, with its selection', tables: ['build_info', 'job_version_history'] },
  {
    name: 'a run, with its steps, mail and audit',
    tables: ['deploy_test_runs', 'deploy_test_steps', 'test_comparisons', 'notifications', 'audit_log'],
  },
  { name: 'a test result', tables: ['test_results'] },
]

export const growth: Part = {
  name: 'growth',
  about: 'bytes in the database, indexes included, for each build, run and test result',
  async measure(bench) {
    const databaseUrl = await bench.filledDatabase('big')
    for (const { name, tables } of KINDS)
      bench.record({ name, unit: 'B', ours: await bytesPerRow(databaseUrl, tables) })
  },
}

async function bytesPerRow(databaseUrl: string, tables: string[]): Promise<number> {
  const [row] = await query<{ bytes: number }>(
    databaseUrl,
    `SELECT sum(pg_total_relation_size(name::regclass))::float8 / (SELECT count(*) FROM ${tables[0]}) AS bytes
     FROM unnest($1::text[]) name`,
    [tables],
  )
  return row?.bytes ?? 0
}
