import * as z from 'zod'
import type { Context } from '../context.ts'
import { hasSeveral } from '../environments/usage.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { parseInput } from '../http/input.ts'
import { type Form, fieldsOf, type PageRequest } from '../http/page.ts'
import { findJobVersion } from '../job-versions/job-versions.ts'
import { listJobNames } from '../job-versions/jobs.ts'
import { nextTimes } from '../lib/cron.ts'
import { invalid } from '../lib/errors.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { detail } from '../lib/validation.ts'
import { listNamedSets, type NamedSet } from '../parameter-sets/parameter-sets.ts'
import { listScriptBundles } from '../script-bundles/script-bundles.ts'
import { typedFields } from '../test-items/item-fields.ts'
import { newTestItem } from '../test-items/test-items.ts'

export interface Choices {
  jobNames: string[]
  parameterSets: NamedSet[]
  several: boolean
  scriptBundles: string[]
  timeZones: readonly string[]
  /** Of the schedule in a form, as it was typed. */
  nextStarts: (values: Form['values']) => Date[]
}

const STARTS_SHOWN = 3
/** Offered; all others can be typed, and would make the page heavy. */
const timeZones = [...new Set(['UTC', Intl.DateTimeFormat().resolvedOptions().timeZone])]

function nextStarts({ schedule, schedule_timezone: zone = 'UTC' }: Form['values']): Date[] {
  if (typeof schedule !== 'string' || typeof zone !== 'string' || !isTimeZone(zone)) return []
  return nextTimes(schedule, zone, new Date(), STARTS_SHOWN)
}

export async function listChoices(ctx: Context) {
  const [jobNames, parameterSets, several, bundles] = await Promise.all([
    listJobNames(ctx.db),
    listNamedSets(ctx.db),
    hasSeveral(ctx.db),
    listScriptBundles(ctx.db),
  ])
  const scriptBundles = bundles.map(({ name }) => name)
  return { jobNames, parameterSets, several, scriptBundles, timeZones, nextStarts }
}

const itemForm = z.preprocess(form => typedFields(fieldsOf(form)), newTestItem)

export async function itemIn(ctx: Context, body: unknown, before?: TestItem) {
  const item = parseInput(itemForm, body)
  const name = item.associated_job_name
  if (name && name !== before?.jobName) await refuseUnknownJob(ctx, name)
  return item
}

async function refuseUnknownJob(ctx: Context, job: string): Promise<void> {
  if (await findJobVersion(ctx.db, job)) return
  throw invalid('errors:job_not_found', { job }, [detail('associated_job_name', 'no_such_job')])
}

// Browsers omit unticked boxes from a form.
export const withTypedValues = ({ req }: PageRequest, form: Form): Form => ({
  ...form,
  values: { ...typedFields(fieldsOf(req.body)), revision: fieldsOf(req.body).revision },
})
