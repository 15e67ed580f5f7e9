import { z } from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import type { SettingModel as Setting } from '../generated/prisma/models.ts'
import { invalid, notFound } from '../lib/errors.ts'
import { line } from '../lib/fields.ts'
import { detail, detailsOf, problem } from '../lib/validation.ts'

const url = line(1000).refine(isHttpUrl, problem('url'))

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text) && new URL(text).hostname !== ''
}

const number = (min: number, max: number, unit: 'seconds' | 'hours' | 'days') => {
  const wrong = problem(unit, { min, max })
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .trim()
          .regex(/^\d+(\.\d+)?$/, wrong)
          .transform(Number),
      ],
      wrong,
    )
    .pipe(z.number(wrong).min(min, wrong).max(max, wrong))
}

const count = (min: number, max: number) => {
  const wrong = problem('whole_number', { min, max })
  return z
    .union([z.number(), z.string().trim().regex(/^\d+$/, wrong).transform(Number)], wrong)
    .pipe(z.number(wrong).int(wrong).min(min, wrong).max(max, wrong))
}

/** Every setting: what it takes, what it is before anyone sets it, and what it means. */
const definitions = {
  project_name: {
    schema: line(100).min(1, problem('empty')),
    initial: 'CRAT',
    description: 'Shown on top of every page and in mails',
  },
  package_build_info_base_url: {
    schema: url,
    initial: '',
    description: 'Address of Jenkins, for links to builds',
  },
  package_download_base_url: {
    schema: url,
    initial: '',
    description: 'Address of the package server; PACKAGE_PATH is below it',
  },
  external_test_server_url: {
    schema: url,
    initial: '',
    description: 'Address of the deploy_and_test server',
  },
  query_interval: {
    schema: number(0.1, 3600, 'seconds'),
    initial: 60,
    description: 'Longest pause between two looks at a running task, in seconds',
  },
  query_timeout: {
    schema: number(0.1, 600, 'seconds'),
    initial: 30,
    description: 'How long one look at a running task may take, in seconds',
  },
  max_query_hours: {
    schema: number(0.0001, 240, 'hours'),
    initial: 3,
    description: 'How long a task may take in all, in hours',
  },
  max_queue_hours: {
    schema: number(0.001, 8760, 'hours'),
    initial: 24,
    description: 'How long a run may wait in the queue, in hours',
  },
  auto_sync_interval_hours: {
    schema: number(0.01, 8760, 'hours'),
    initial: 24,
    description: 'How often a job moves to its newest build, in hours',
  },
  keep_runs_days: {
    schema: number(0.01, 36_500, 'days'),
    initial: 180,
    description: 'How long finished runs are kept, in days',
  },
  keep_runs_per_item: {
    schema: count(1, 10_000_000),
    initial: 500,
    description: 'How many finished runs of a test item are kept',
  },
  keep_builds_days: {
    schema: number(0.01, 36_500, 'days'),
    initial: 365,
    description: 'How long builds are kept, in days',
  },
  keep_builds_per_job: {
    schema: count(1, 10_000_000),
    initial: 1_000,
    description: 'How many builds of a job are kept',
  },
  keep_mails_days: {
    schema: number(0.01, 36_500, 'days'),
    initial: 90,
    description: 'How long mails that were sent or given up are kept, in days',
  },
  keep_mails: { schema: count(1, 10_000_000), initial: 20_000, description: 'How many such mails are kept' },
  keep_audit_days: {
    schema: number(0.01, 36_500, 'days'),
    initial: 365,
    description: 'How long the audit log is kept, in days',
  },
  keep_audit_entries: {
    schema: count(1, 10_000_000),
    initial: 100_000,
    description: 'How many entries of the audit log are kept',
  },
} as const

export type SettingKey = keyof typeof definitions
export type Settings = { [K in SettingKey]: z.output<(typeof definitions)[K]['schema']> }

export const SETTING_KEYS = Object.keys(definitions) as SettingKey[]

/** The body of PUT /settings: any of the known keys, nothing else. */
export const changedSettings = z
  .strictObject(
    Object.fromEntries(SETTING_KEYS.map(key => [key, definitions[key].schema.optional()])) as {
      [K in SettingKey]: z.ZodOptional<(typeof definitions)[K]['schema']>
    },
  )
  .refine(settings => Object.keys(settings).length > 0, problem('no_setting'))

/** Rows for settings that are not in the database yet. */
export async function seedSettings(db: Queryable): Promise<void> {
  await db.setting.createMany({
    data: SETTING_KEYS.map(key => ({
      key,
      value: definitions[key].initial,
      description: definitions[key].description,
    })),
    skipDuplicates: true,
  })
}

/** The values, read anew each time: a change takes effect without a restart. */
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

/** All or none: the input is checked before anything is written. */
export async function changeSettings(
  { db }: Store,
  input: z.output<typeof changedSettings>,
  actor: string,
): Promise<Setting[]> {
  return db.$transaction(async tx => {
    const before = await getSettings(tx)
    const changed = SETTING_KEYS.filter(key => input[key] !== undefined && input[key] !== before[key])
    for (const key of changed) {
      const value = input[key] ?? definitions[key].initial
      await tx.setting.update({ where: { key }, data: { value, updatedBy: actor } })
      await recordChange(tx, {
        actor,
        action: 'change setting',
        subject: key,
        before: before[key],
        after: value,
      })
    }
    return listSettings(tx)
  })
}

/** PUT /settings/:key */
export function parseSetting(key: string, value: unknown): z.output<typeof changedSettings> {
  if (!isSettingKey(key)) throw invalid('errors:setting_not_found', { key, known: SETTING_KEYS.join(', ') })
  const parsed = changedSettings.safeParse({ [key]: value })
  if (parsed.success && value !== undefined) return parsed.data
  const [wrong = detail('value', 'not_given')] = parsed.error ? detailsOf(parsed.error, { [key]: value }) : []
  throw invalid('errors:invalid_setting', { key }, [{ ...wrong, path: 'value' }])
}

function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(definitions, key)
}
