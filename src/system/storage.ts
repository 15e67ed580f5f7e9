import { join } from 'node:path'
import type { Queryable } from '../database/client.ts'
import type { SettingKey, Settings } from '../settings/definitions.ts'
import { getSettings } from '../settings/settings.ts'
import { folderSize } from './folder-size.ts'

export interface Kept {
  kind: string
  bytes: number
  /** Rows, as the server estimates them, or files. */
  items: number
  /** There are more. */
  cut: boolean
  /** What limits it: names of settings or of environment variables, with their values. */
  limits: { name: string; value: number }[]
  /** When the oldest goes by its age; null where nothing goes by age. */
  nextAt: Date | null
}

interface TableKind {
  kind: string
  tables: string[]
  limits?: SettingKey[]
  /** SQL for the moment from which the oldest counts, found by an index. */
  oldest?: string
  days?: SettingKey
}

const DAY_MS = 24 * 3_600_000

const RUN_LIMITS: Pick<TableKind, 'limits' | 'oldest' | 'days'> = {
  limits: ['keep_runs_days', 'keep_runs_per_item'],
  oldest: 'SELECT min(finished_at) FROM deploy_test_runs',
  days: 'keep_runs_days',
}

const RUN_TABLES = [
  'deploy_test_runs',
  'deploy_test_steps',
  'run_environments',
  'report_archives',
  'run_days',
]

/** What people set up, and what CRAT notes for itself: small, and never removed by age. */
const CHOICES = [
  ...['test_items', 'test_item_pins', 'watches', 'alert_rules', 'alerts', 'digest_subscriptions'],
  ...['parameter_sets', 'parameter_set_versions', 'environments', 'channels'],
  ...['system_settings', 'script_bundles', 'api_tokens', 'login_links', 'login_attempts', 'used_codes'],
  ...['timetable', '_prisma_migrations'],
]

export const TABLE_KINDS: TableKind[] = [
  {
    ...{
      kind: 'builds',
      tables: ['build_info', 'build_triggers', 'job_version_selections', 'job_version_history'],
    },
    ...{ limits: ['keep_builds_days', 'keep_builds_per_job'], days: 'keep_builds_days' },
    oldest: 'SELECT min(created_at) FROM build_info',
  },
  { kind: 'runs', tables: RUN_TABLES, ...RUN_LIMITS },
  { kind: 'test_results', tables: ['test_results', 'test_comparisons', 'item_tests'], ...RUN_LIMITS },
  {
    ...{ kind: 'logs', tables: ['run_log_parts', 'run_logs', 'load_points'] },
    ...{ limits: ['keep_logs_days', 'keep_runs_days'], oldest: RUN_LIMITS.oldest, days: 'keep_logs_days' },
  },
  {
    ...{ kind: 'mails', tables: ['notifications'], limits: ['keep_mails_days', 'keep_mails'] },
    ...{ oldest: 'SELECT created_at FROM notifications ORDER BY id LIMIT 1', days: 'keep_mails_days' },
  },
  {
    ...{ kind: 'audit', tables: ['audit_log'], limits: ['keep_audit_days', 'keep_audit_entries'] },
    ...{ oldest: 'SELECT min(created_at) FROM audit_log', days: 'keep_audit_days' },
  },
  { kind: 'sessions', tables: ['user_sessions'], oldest: 'SELECT min(expires_at) FROM user_sessions' },
  { kind: 'imported', tables: ['imported_rows'] },
  { kind: 'choices', tables: CHOICES },
]

export interface StorageOptions {
  db: Queryable
  dataDir: string
  packageDir: string
  packageKeepDays: number
  packageKeepBytes: number
}

/** What is kept, how much room it takes and until when. Reads no table: sizes come from the files, numbers are estimates. */
export async function measureStorage(options: StorageOptions): Promise<{ total: number; kept: Kept[] }> {
  const { db } = options
  const settings = await getSettings(db)
  const [[database], tables, folders] = await Promise.all([
    db.$queryRaw<{ bytes: bigint }[]>`SELECT pg_database_size(current_database()) AS bytes`,
    Promise.all(TABLE_KINDS.map(kind => measureTables(db, kind))),
    measureFolders(options, settings),
  ])
  const inTables = TABLE_KINDS.map(({ kind, limits = [], days }, index): Kept => {
    const { bytes = 0n, items = 0, oldest = null } = tables[index] ?? {}
    const after = days ? Number(settings[days]) * DAY_MS : 0
    return {
      ...{ kind, bytes: Number(bytes), items, cut: false },
      limits: limits.map(name => ({ name, value: Number(settings[name]) })),
      nextAt: oldest && new Date(oldest.getTime() + after),
    }
  })
  return { total: Number(database?.bytes ?? 0), kept: [...inTables, ...folders] }
}

interface Measured {
  bytes: bigint
  items: number
  oldest: Date | null
}

async function measureTables(db: Queryable, { tables, oldest = 'SELECT NULL' }: TableKind) {
  const [row] = await db.$queryRawUnsafe<Measured[]>(
    `SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes,
       coalesce(max(greatest(reltuples, pg_stat_get_live_tuples(oid))) FILTER (WHERE relname = $2), 0)::float8 AS items, (${oldest})::timestamptz AS oldest
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1)`,
    tables,
    tables[0],
  )
  return row && { ...row, items: Math.max(0, row.items) }
}

async function measureFolders(options: StorageOptions, settings: Settings): Promise<Kept[]> {
  const { dataDir, packageDir, packageKeepDays, packageKeepBytes } = options
  const packages = [
    { name: 'PACKAGE_KEEP_DAYS', value: packageKeepDays },
    { name: 'PACKAGE_KEEP_GB', value: packageKeepBytes / 1024 ** 3 },
  ]
  const reports = (['keep_reports_days', 'keep_reports_gb'] as const).map(name => ({
    name,
    value: settings[name],
  }))
  return Promise.all([
    measureFolder('packages', packageDir, packages),
    measureFolder('script_bundles', join(dataDir, 'script-bundles')),
    measureFolder('reports', join(dataDir, 'reports'), reports),
    measureFolder('spool', join(dataDir, 'spool')),
  ])
}

async function measureFolder(kind: string, folder: string, limits: Kept['limits'] = []): Promise<Kept> {
  const { bytes, files, cut } = await folderSize(folder)
  return { kind, bytes, items: files, cut, limits, nextAt: null }
}
