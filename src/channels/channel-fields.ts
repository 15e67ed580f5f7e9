import * as z from 'zod'
import { filledLine, line, rowId } from '../lib/fields.ts'
import { LOCALES } from '../lib/i18n.ts'
import { describedAs } from '../lib/input-schemas.ts'
import { problem } from '../lib/validation.ts'
import { url } from '../settings/setting-schemas.ts'

const POSTED_KINDS = ['webhook', 'slack', 'dingtalk', 'wecom', 'feishu'] as const
export const CHANNEL_KINDS = [...POSTED_KINDS, 'mail'] as const

export const CHANNEL_EVENTS = [
  ...(['failed', 'passed', 'unknown', 'error'] as const),
  ...(['recovered', 'queued_long', 'environment', 'digest'] as const),
]
export type ChannelEvent = (typeof CHANNEL_EVENTS)[number]

const MAX_RECIPIENTS = 100
const MAX_ITEMS = 1000

function uniqueArray<S extends z.ZodType>(
  item: S,
  json: z.core.JSONSchema._JSONSchema,
  { min = 0, max }: { min?: number; max: number },
) {
  const schema = z
    .array(item)
    .min(min, problem('empty'))
    .max(max, problem('too_many_entries', { max }))
    .refine(values => new Set(values).size === values.length, problem('not_unique'))
  return describedAs(schema, { type: 'array', items: json, minItems: min, maxItems: max, uniqueItems: true })
}

const address = z
  .string(problem('email'))
  .trim()
  .toLowerCase()
  .pipe(z.email(problem('email')).max(254, problem('too_long', { max: 254 })))

const addressJson = { type: 'string', pattern: '^[a-z0-9]{1,60}@[a-z0-9]{1,60}\\.[a-z]{2,10}$' } as const
export const addresses = (min: number) => uniqueArray(address, addressJson, { min, max: MAX_RECIPIENTS })
export const ids = uniqueArray(
  rowId('id'),
  { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
  { max: MAX_ITEMS },
)
export const language = z.enum(LOCALES, problem('one_of', { values: LOCALES.join(', ') }))

const recipients = addresses(1)
const secret = line(1000).nullish()

const fields = {
  name: filledLine(100),
  enabled: z.boolean(problem('boolean')).optional(),
  events: uniqueArray(
    z.enum(CHANNEL_EVENTS, problem('one_of', { values: CHANNEL_EVENTS.join(', ') })),
    { enum: [...CHANNEL_EVENTS] },
    { max: CHANNEL_EVENTS.length },
  ).optional(),
  test_item_ids: ids.optional(),
  language: language.optional(),
}

const kindProblem = problem('one_of', { values: CHANNEL_KINDS.join(', ') })

export const newChannel = z.discriminatedUnion(
  'kind',
  [
    z.object({ kind: z.enum(POSTED_KINDS), ...fields, url, secret }),
    z.object({ kind: z.literal('mail'), ...fields, recipients }),
  ],
  kindProblem,
)

/** The kind stays: an address is never another service's. */
export const changedChannel = z
  .object({ kind: z.enum(CHANNEL_KINDS, kindProblem), ...fields, url, secret, recipients })
  .partial()
