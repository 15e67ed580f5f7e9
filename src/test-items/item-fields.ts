import { z } from 'zod'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { line, paragraph, rowId } from '../lib/fields.ts'
import { problem } from '../lib/validation.ts'

interface Field {
  column: keyof TestItem
  /** What the API takes. */
  input: z.ZodType
  /** What the API answers. */
  output: z.ZodType
  /** What the text of a form means; undefined: the form did not send it. */
  typed: (text: string | undefined) => unknown
}

/** What people set of a test item, by its name in the API and in forms. */
const FIELDS = {
  name: {
    column: 'name',
    input: line(200).min(1, problem('empty')),
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
  notification_enabled: {
    column: 'notificationEnabled',
    input: z.boolean(problem('boolean')).optional(),
    output: z.boolean(),
    // A box that was not ticked is not sent.
    typed: text => text === 'on',
  },
} as const satisfies Record<string, Field>

type Fields = typeof FIELDS
type Name = keyof Fields

function mapFields<T extends Record<Name, unknown>>(of: (field: Field, name: Name) => unknown): T {
  return Object.fromEntries(
    Object.entries(FIELDS).map(([name, field]) => [name, of(field, name as Name)]),
  ) as T
}

/** The API's schemas, by field. */
export const itemInputs = mapFields<{ [N in Name]: Fields[N]['input'] }>(field => field.input)
export const itemOutputs = mapFields<{ [N in Name]: Fields[N]['output'] }>(field => field.output)

type ItemFields = { [N in Name]: TestItem[Fields[N]['column']] }

/** An item's fields, as the API and forms name them. */
export function itemFields(item: TestItem): ItemFields {
  return mapFields(field => item[field.column])
}

/** The fields that a form sent, ready for the input's schema. */
export function typedFields(form: Record<string, string | undefined>): Record<Name, unknown> {
  return mapFields((field, name) => field.typed(form[name]))
}

type ItemColumns<I> = { [N in keyof I as N extends Name ? Fields[N]['column'] : never]: I[N] }

/** The same values by their columns. */
export function itemColumns<I extends Partial<Record<Name, unknown>>>(input: I): ItemColumns<I> {
  const columns = Object.entries(FIELDS).map(([name, { column }]) => [column, input[name as Name]])
  return Object.fromEntries(columns) as ItemColumns<I>
}
