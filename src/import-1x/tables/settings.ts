import { protect } from '../../lib/protect.ts'
import { isSettingKey, parseSetting, type SettingKey } from '../../settings/definitions.ts'
import { IMPORTER, type Import } from '../context.ts'
import type { OldRow, OldTable } from '../source.ts'
import { announce } from '../target.ts'

export const OLD_SETTINGS: OldTable = {
  ...{ name: 'system_settings', key: 'key', batch: 200 },
  columns: ['key', 'value'],
}

export async function importSettings(all: Import, rows: OldRow[]): Promise<void> {
  for (const row of rows) await importSetting(all, row)
}

async function importSetting(all: Import, { key, value }: OldRow): Promise<void> {
  const { journal } = all
  const counts = journal.countsOf('system_settings')
  if (!key || !isSettingKey(key)) {
    return journal.refuse('system_settings', key ?? null, 'CRAT 2 has no such setting')
  }
  if (!value?.trim()) {
    counts.unchanged += 1
    return
  }
  const parsed = parse(all, key, value)
  if ('why' in parsed) return journal.refuse('system_settings', key, parsed.why)
  await store(all, key, parsed.value)
}

function parse({ sealer }: Import, key: SettingKey, text: string): { value: unknown } | { why: string } {
  try {
    return { value: protect(sealer, parseSetting(key, text))[key] }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

async function store({ target, journal, sealer }: Import, key: SettingKey, value: unknown): Promise<void> {
  const { rows } = await target.client.query<{ value: unknown; updated_by: string | null }>(
    'SELECT value, updated_by FROM system_settings WHERE key = $1 FOR UPDATE',
    [key],
  )
  const before = rows[0]
  const counts = journal.countsOf('system_settings')
  if (before && sealer.canOpen(before.value) && sealer.open(before.value) === sealer.open(value)) {
    counts.unchanged += 1
    return
  }
  if (before?.updated_by && before.updated_by !== IMPORTER) {
    return journal.refuse(
      'system_settings',
      key,
      `it was changed in CRAT 2 by ${before.updated_by}, which stays`,
    )
  }
  await target.client.query(
    'UPDATE system_settings SET value = $2, updated_by = $3, updated_at = now() WHERE key = $1',
    [key, JSON.stringify(value), IMPORTER],
  )
  if (key === 'external_test_server_url') await setDefaultEnvironment({ target }, value)
  await announce(target, 'setting', key)
  if (before?.updated_by === IMPORTER) counts.updated += 1
  else counts.taken += 1
}

async function setDefaultEnvironment({ target }: Pick<Import, 'target'>, url: unknown): Promise<void> {
  const { rows } = await target.client.query<{ id: number }>(
    `UPDATE environments SET test_server_url = $1, updated_at = now() WHERE name = 'default' RETURNING id`,
    [url],
  )
  if (rows[0]) await announce(target, 'environment', rows[0].id)
}
