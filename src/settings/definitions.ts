import * as z from 'zod'
import { invalid } from '../lib/errors.ts'
import { filledLine } from '../lib/fields.ts'
import { detail, detailsOf, problem } from '../lib/validation.ts'
import { count, domain, flag, number, timeZone, url, WEEKDAYS } from './setting-schemas.ts'

export const definitions = {
  project_name: {
    schema: filledLine(100),
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
    description: 'Longest interval between two polls of a running task, in seconds',
  },
  query_timeout: {
    schema: number(0.1, 600, 'seconds'),
    initial: 30,
    description: 'Timeout of one poll of a running task, in seconds',
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
  queued_long_hours: {
    schema: number(0.001, 8760, 'hours'),
    initial: 1,
    description: 'After how long in the queue channels are notified of a run, in hours',
  },
  queue_paused: {
    schema: flag,
    initial: false,
    description: 'No queued run starts while this is on; active runs go on',
  },
  public_badges: {
    schema: flag,
    initial: false,
    description: 'Everyone may see the badges of test items, without a login',
  },
  quarantine_after: {
    schema: count(1, 1000),
    initial: 3,
    description: 'How many failures before the first test in a row quarantine an environment',
  },
  build_user_domain: {
    schema: domain,
    initial: '',
    description: 'Domain of the addresses of those who make builds, where BUILD_USER is a name alone',
  },
  digest_weekday: {
    schema: z.enum(WEEKDAYS, problem('one_of', { values: WEEKDAYS.join(', ') })),
    initial: 'monday',
    description: 'Day of the weekly digest',
  },
  digest_hour: { schema: count(0, 23), initial: 8, description: 'Hour of the weekly digest' },
  digest_timezone: {
    schema: timeZone,
    initial: 'UTC',
    description: 'Time zone of the weekly digest',
  },
  auto_sync_interval_hours: {
    schema: number(0.01, 8760, 'hours'),
    initial: 24,
    description: 'How often a job moves to its newest build, in hours',
  },
  setup_dismissed: {
    schema: flag,
    initial: false,
    description: 'The home page does not say what is missing to begin',
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
  keep_reports_days: {
    schema: number(0.01, 36_500, 'days'),
    initial: 90,
    description: 'How long reports are kept, in days',
  },
  keep_reports_gb: {
    schema: count(1, 1_000_000),
    initial: 20,
    description: 'How much disk space reports may take, in GB',
  },
  keep_logs_days: {
    schema: number(0.01, 36_500, 'days'),
    initial: 30,
    description: 'How long the logs of finished runs are kept whole, in days; then their last megabyte',
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
export const INITIAL_SETTINGS = SETTING_KEYS.map(key => {
  const { initial, description } = definitions[key]
  return { key, value: initial, description }
})

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(definitions, key)
}

export const changedSettings = z
  .strictObject(
    Object.fromEntries(SETTING_KEYS.map(key => [key, definitions[key].schema.optional()])) as {
      [K in SettingKey]: z.ZodOptional<(typeof definitions)[K]['schema']>
    },
  )
  .refine(settings => Object.keys(settings).length > 0, problem('no_setting'))
  .meta({ minProperties: 1 })

export function parseSetting(key: string, value: unknown): z.output<typeof changedSettings> {
  if (!isSettingKey(key)) throw invalid('errors:setting_not_found', { key, known: SETTING_KEYS.join(', ') })
  const parsed = changedSettings.safeParse({ [key]: value })
  if (parsed.success && value !== undefined) return parsed.data
  const [wrong = detail('value', 'not_given')] = parsed.error ? detailsOf(parsed.error, { [key]: value }) : []
  throw invalid('errors:invalid_setting', { key }, [{ ...wrong, path: 'value' }])
}
