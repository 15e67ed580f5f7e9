import * as z from 'zod'
import { addresses, ids, language } from '../channels/channel-fields.ts'
import { filledLine } from '../lib/fields.ts'
import { problem } from '../lib/validation.ts'

export const ALERT_KINDS = ['pass_rate', 'no_run', 'duration'] as const

/** The largest threshold: percent, or days. */
export const MAX_PERCENT = 100
const MAX_DAYS = 365

const threshold = (max: number) => {
  const wrong = problem('whole_number', { min: 1, max })
  return z.number(wrong).int(wrong).min(1, wrong).max(max, wrong)
}

const fields = {
  name: filledLine(100),
  enabled: z.boolean(problem('boolean')).optional(),
  test_item_ids: ids.optional(),
  channel_ids: ids.optional(),
  recipients: addresses(0).optional(),
  language: language.optional(),
}

export const newAlertRule = z.discriminatedUnion(
  'kind',
  [
    z.object({ kind: z.literal('pass_rate'), ...fields, threshold: threshold(MAX_PERCENT) }),
    z.object({ kind: z.literal('no_run'), ...fields, threshold: threshold(MAX_DAYS) }),
    z.object({ kind: z.literal('duration'), ...fields }),
  ],
  problem('one_of', { values: ALERT_KINDS.join(', ') }),
)

/** The kind stays. */
export const changedAlertRule = z.object({ ...fields, threshold: threshold(MAX_DAYS) }).partial()
