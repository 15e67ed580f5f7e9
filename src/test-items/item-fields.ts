import * as z from 'zod'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { filledLine, label, line, paragraph, rowId } from '../lib/fields.ts'
import { problem } from '../lib/validation.ts'
import { bundleName, bundleVersion } from '../script-bundles/bundle-name.ts'
import { triggerers } from './allowed-triggerers.ts'
import { schedule, scheduleTimezone } from './item-schedule.ts'

interface Field {
  column: keyof TestItem
  input: z.ZodType
  output: z.ZodType
  /** Converts a form's text; undefined: the form did not send the field. */
  typed: (text: string | undefined) => unknown
}

function countField<C extends keyof TestItem>(column: C, min: number, max: number) {
  const wrong = problem('whole_number', { min, max })
  return {
    column,
    input: z.number(wrong).int(wrong).min(min, wrong).max(max, wrong).optional(),
    output: z.int(),
    typed: (text: string | undefined) => (text === undefined ? undefined : Number(text || Number.NaN)),
  } as const
}

const FIELDS = {
  name: {
    column: 'name',
    input: filledLine(200),
    output: z.string(),
    typed: text => text ?? '',
  },
  description: {
    column: 'description',
    input: paragraph(2000).optional(),
    output: z.string(),
    typed: text => text ?? '',
  },
  associated_job_name: {
    column: 'jobName',
    input: line(255)
      .nullish()
      .transform(job => job || (job === undefined ? undefined : null)),
    output: z.string().nullable(),
    typed: text => text || null,
  },
  associated_parameter_set_id: {
    column: 'parameterSetId',
    input: rowId('parameter_set_id').nullish(),
    output: z.int().nullable(),
    typed: text => (text ? Number(text) : null),
  },
  allowed_triggerers: {
    column: 'allowedTriggerers',
    input: triggerers.optional(),
    output: z.array(z.string()).describe('Who may trigger it, besides admins; empty: everyone'),
    typed: text =>
      (text ?? '')
        .split(/[\n,;]/)
        .map(part => part.trim())
        .filter(Boolean),
  },
  notification_enabled: {
    column: 'notificationEnabled',
    input: z.boolean(problem('boolean')).optional(),
    output: z.boolean(),
    typed: text => text === 'on',
  },
  notify_build_author: {
    column: 'notifyBuildAuthor',
    input: z.boolean(problem('boolean')).optional(),
    output: z.boolean().describe('Whoever made a build is mailed of its new failures'),
    typed: text => text === 'on',
  },
  environment_labels: {
    column: 'environmentLabels',
    input: z
      .array(label)
      .max(30)
      .optional()
      .transform(labels => labels && [...new Set(labels)]),
    output: z.array(z.string()),
    typed: text =>
      text === undefined
        ? undefined
        : text
            .split(',')
            .map(part => part.trim())
            .filter(Boolean),
  },
  script_bundle: {
    column: 'scriptBundle',
    input: bundleName.nullish(),
    output: z.string().nullable().describe('Test scripts to use instead of those in the package'),
    typed: text => (text === undefined ? undefined : text || null),
  },
  script_bundle_version: {
    column: 'scriptBundleVersion',
    input: bundleVersion.nullish(),
    output: z.int().nullable().describe('null: the newest'),
    typed: text => (text === undefined ? undefined : text ? Number(text) : null),
  },
  trigger_on_build: {
    column: 'triggerOnBuild',
    input: z.boolean(problem('boolean')).optional(),
    output: z.boolean().describe('Each build of its job that is announced is tested'),
    typed: text => text === 'on',
  },
  schedule: {
    column: 'schedule',
    input: schedule.nullish().transform(text => text || (text === undefined ? undefined : null)),
    output: z.string().nullable().describe('When its selected build is tested, in the five fields of cron'),
    typed: text => (text === undefined ? undefined : text || null),
  },
  schedule_timezone: {
    column: 'scheduleTimezone',
    input: scheduleTimezone.optional(),
    output: z.string(),
    typed: text => (text === undefined ? undefined : text || 'UTC'),
  },
  environments_needed: countField('environmentsNeeded', 1, 16),
  infrastructure_retries: countField('infrastructureRetries', 0, 5),
  test_retries: countField('testRetries', 0, 5),
} as const satisfies Record<string, Field>

type Fields = typeof FIELDS
type Name = keyof Fields

function mapFields<T extends Record<Name, unknown>>(of: (field: Field, name: Name) => unknown): T {
  return Object.fromEntries(
    Object.entries(FIELDS).map(([name, field]) => [name, of(field, name as Name)]),
  ) as T
}

export const itemInputs = mapFields<{ [N in Name]: Fields[N]['input'] }>(field => field.input)
export const itemOutputs = mapFields<{ [N in Name]: Fields[N]['output'] }>(field => field.output)

type ItemFields = { [N in Name]: TestItem[Fields[N]['column']] }

export function itemFields(item: TestItem): ItemFields {
  return mapFields(field => item[field.column])
}

export function typedFields(form: Record<string, string | undefined>): Record<Name, unknown> {
  return mapFields((field, name) => field.typed(form[name]))
}

type ItemColumns<I> = { [N in keyof I as N extends Name ? Fields[N]['column'] : never]: I[N] }

export function itemColumns<I extends Partial<Record<Name, unknown>>>(input: I): ItemColumns<I> {
  const columns = Object.entries(FIELDS).map(([name, { column }]) => [column, input[name as Name]])
  return Object.fromEntries(columns) as ItemColumns<I>
}
