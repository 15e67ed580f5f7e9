import { findMissing } from '../../postgres/indexes.ts'
import { migrationNames } from '../../postgres/migrate.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'

export async function checkMigrations({ query }: Subject): Promise<Finding[]> {
  const [history] = await query<{ there: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`,
  )
  if (!history?.there) return [warning('doctor:not_set_up')]
  const rows = await query<{ name: string; finished: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  )
  const known = migrationNames()
  const applied = rows.filter(row => row.finished).map(row => row.name)
  const pending = known.filter(name => !applied.includes(name))
  const unknown = applied.filter(name => !known.includes(name))
  const half = rows.filter(row => !row.finished).map(row => row.name)
  const findings = [
    ...(unknown.length ? [failed('doctor:database_newer', { names: unknown.join(', ') })] : []),
    ...(half.length ? [warning('doctor:migration_cut', { names: half.join(', ') })] : []),
    ...(pending.length
      ? [warning('doctor:migrations_pending', { names: pending.join(', ') })]
      : await checkIndexes(query)),
  ]
  return findings.length ? findings : [ok('doctor:migrations_ok', { number: applied.length })]
}

async function checkIndexes(query: Subject['query']): Promise<Finding[]> {
  const missing = await findMissing(query)
  return missing.length
    ? [warning('doctor:indexes_missing', { names: missing.map(({ name }) => name).join(', ') })]
    : []
}
