import type * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Cached } from '../database/cached.ts'
import type { Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { SettingModel as Setting } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { protect, reseal } from '../lib/protect.ts'
import { refuseChanged, revisionOf } from '../lib/revision.ts'
import type { Sealer } from '../lib/sealer.ts'
import {
  type changedSettings,
  definitions,
  isSettingKey,
  SETTING_KEYS,
  type SettingKey,
  type Settings,
} from './definitions.ts'

/** User and password of an address are sealed. */
export async function getSettings(db: Queryable): Promise<Settings> {
  const rows = await db.setting.findMany({ where: { key: { in: SETTING_KEYS } } })
  const values = new Map(rows.map(row => [row.key, row.value]))
  return Object.fromEntries(
    SETTING_KEYS.map(key => [key, values.get(key) ?? definitions[key].initial]),
  ) as Settings
}

export async function listSettings(db: Queryable): Promise<Setting[]> {
  const rows = await db.setting.findMany({ where: { key: { in: SETTING_KEYS } } })
  return rows.sort(
    (a, b) => SETTING_KEYS.indexOf(a.key as SettingKey) - SETTING_KEYS.indexOf(b.key as SettingKey),
  )
}

export async function getSetting(db: Queryable, key: string): Promise<Setting> {
  const row = isSettingKey(key) ? await db.setting.findUnique({ where: { key } }) : null
  if (!row) throw notFound('errors:setting_not_found', { key, known: SETTING_KEYS.join(', ') })
  return row
}

interface Expected {
  keys: readonly SettingKey[]
  revision: string
}

const pick = (settings: Settings, keys: readonly SettingKey[]) =>
  Object.fromEntries(keys.map(key => [key, settings[key]]))

export const settingsRevision = (settings: Settings, keys: readonly SettingKey[] = SETTING_KEYS) =>
  revisionOf(pick(settings, keys))

/** `expected`: the revision of these keys that the change is meant for. */
export async function changeSettings(
  { db, settings, sealer }: Store & { settings: Cached<Settings>; sealer: Sealer },
  given: z.output<typeof changedSettings>,
  actor: Actor,
  expected: Expected | null = null,
): Promise<Setting[]> {
  const rows = await db.$transaction(async tx => {
    await tx.$queryRaw`SELECT key FROM system_settings ORDER BY key FOR UPDATE`
    const before = await getSettings(tx)
    if (expected) refuseChanged(pick(before, expected.keys), expected.revision)
    const input = protect(sealer, given, { stored: before })
    const changed = SETTING_KEYS.filter(key => input[key] !== undefined && input[key] !== before[key])
    for (const key of changed) {
      const value = input[key] ?? definitions[key].initial
      await tx.setting.update({ where: { key }, data: { value, updatedBy: actor.email } })
      if (key === 'external_test_server_url') await setDefaultEnvironment(tx, String(value))
      await recordChange(tx, {
        actor,
        action: 'change setting',
        subject: key,
        before: before[key],
        after: value,
      })
      await announceChange(tx, { topic: 'setting', id: key })
    }
    return listSettings(tx)
  })
  settings.forget()
  return rows
}

/** At the start: what earlier versions of CRAT stored, and what was sealed with a previous secret. */
export async function sealSettings(db: Queryable, sealer: Sealer): Promise<void> {
  const stored = await getSettings(db)
  const sealed = reseal(sealer, stored)
  for (const key of SETTING_KEYS.filter(name => sealed[name] !== stored[name])) {
    // Unless it was changed meanwhile, in another process.
    const where = { key, value: { equals: stored[key] } }
    await db.setting.updateMany({ where, data: { value: sealed[key] } })
  }
}

/** The address of the environment `default` is that of the setting. */
async function setDefaultEnvironment(tx: Queryable, testServerUrl: string): Promise<void> {
  const environment = await tx.environment.update({ where: { name: 'default' }, data: { testServerUrl } })
  await announceChange(tx, { topic: 'environment', id: environment.id })
}
