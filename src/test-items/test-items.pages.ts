import { z } from 'zod'
import { listJobNames } from '../builds/builds.ts'
import type { Context } from '../context.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { parseInput } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formOf,
  idOf,
  localUrl,
  offsetOf,
  page,
  press,
  submitForm,
  type Visit,
} from '../http/page.ts'
import { flash } from '../http/view.ts'
import { invalid } from '../lib/errors.ts'
import { detail } from '../lib/validation.ts'
import { listParameterSets } from '../parameter-sets/parameter-sets.ts'
import { listQueue } from '../runs/queue.ts'
import { clearHistory, listRuns } from '../runs/runs.ts'
import { findToldTests } from '../runs/test-results.ts'
import { itemFields, typedFields } from './item-fields.ts'
import { countJudgedRuns, listItemOverviews, listRecentRuns } from './overview.ts'
import { changeTestItem, createTestItem, deleteTestItem, getTestItem, newTestItem } from './test-items.ts'

const ITEMS_PER_PAGE = 25
const RUNS_IN_STRIP = 14
const RUNS_IN_TREND = 30
const FAILURES_NAMED = 5
const WEEK_MS = 7 * 24 * 3_600_000

export const showTests = page('user', async (ctx, visit) => renderTests(ctx, visit))

async function renderTests(ctx: Context, { req, res }: Visit, form?: Form, status?: number): Promise<void> {
  const query = fieldsOf(req.query)
  const search = query.q?.trim().slice(0, 200) || undefined
  const shown = { search, runsEach: RUNS_IN_STRIP, limit: ITEMS_PER_PAGE, offset: offsetOf(query.offset) }
  const [cards, queue, week, choices] = await Promise.all([
    listItemOverviews(ctx.db, shown),
    listQueue(ctx.db),
    countJudgedRuns(ctx.db, new Date(Date.now() - WEEK_MS)),
    listChoices(ctx),
  ])
  const [head] = queue
  const active = head && head.position === null ? await withStep(ctx, head.run) : null
  const waiting = queue.filter(entry => entry.position !== null)
  ctx.view.render(
    res,
    'pages/tests',
    { cards, search, queue: waiting, active, week, ...choices, form },
    status,
  )
}

async function listChoices(ctx: Context) {
  const [jobNames, parameterSets] = await Promise.all([listJobNames(ctx.db), listParameterSets(ctx.db)])
  return { jobNames, parameterSets }
}

async function withStep<T extends { id: number }>(ctx: Context, run: T) {
  const step = await ctx.db.step.findFirst({ where: { runId: run.id, status: 'RUNNING' } })
  return { run, step }
}

const itemForm = z.preprocess(form => typedFields(fieldsOf(form)), newTestItem)

async function itemIn(ctx: Context, body: unknown, before?: TestItem) {
  const item = parseInput(itemForm, body)
  const name = item.associated_job_name
  if (name && name !== before?.jobName) await refuseUnknownJob(ctx, name)
  return item
}

/** A long list of jobs is typed into, and a mistyped name would give an item that never has a build. */
async function refuseUnknownJob(ctx: Context, job: string): Promise<void> {
  if (await ctx.db.jobVersion.count({ where: { jobName: job } })) return
  throw invalid('errors:job_not_found', { job }, [detail('associated_job_name', 'no_such_job')])
}

export const submitNewItem = page('admin', (ctx, visit) =>
  submitForm(
    visit,
    async () => {
      const item = await createTestItem(ctx, await itemIn(ctx, visit.req.body), visit.person.email)
      flash(visit.res, 'done', 'pages:flash.item_created', { item: item.name })
      return '/tests'
    },
    (form, status) => renderTests(ctx, visit, shownAgain(visit, form), status),
    'name',
  ),
)

/** As it was typed, unticked boxes included. */
const shownAgain = ({ req }: Visit, form: Form): Form => ({
  ...form,
  values: typedFields(fieldsOf(req.body)),
})

export const showTest = page('user', async (ctx, visit) => {
  const item = await getTestItem(ctx.db, idOf(visit.req))
  await renderTest(ctx, visit, item, formOf(itemFields(item)))
})

async function renderTest(ctx: Context, { req, res }: Visit, item: TestItem, form: Form, status?: number) {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const [runs, recent, job, choices] = await Promise.all([
    listRuns(ctx.db, { testItemId: item.id, limit: 20, offset }),
    listRecentRuns(ctx.db, [item.id], RUNS_IN_TREND),
    item.jobName
      ? ctx.db.jobVersion.findUnique({ where: { jobName: item.jobName }, include: { selectedBuild: true } })
      : null,
    listChoices(ctx),
  ])
  const lastFinished = recent.find(run => run.finishedAt) ?? null
  const lastTested = recent.find(run => run.status === 'COMPLETED')
  const changes = lastTested ? await findToldTests(ctx.db, lastTested.id, FAILURES_NAMED) : null
  ctx.view.render(
    res,
    'pages/test',
    { item, job, runs, recent, lastFinished, changes, form, ...choices },
    status,
  )
}

export const submitItem = page('admin', async (ctx, visit) => {
  const item = await getTestItem(ctx.db, idOf(visit.req))
  await submitForm(
    visit,
    async () => {
      const changed = await changeTestItem(
        ctx,
        item.id,
        await itemIn(ctx, visit.req.body, item),
        visit.person.email,
      )
      flash(visit.res, 'done', 'pages:flash.item_saved', { item: changed.name })
      return `/tests/${item.id}`
    },
    (form, status) => renderTest(ctx, visit, item, shownAgain(visit, form), status),
    'name',
  )
})

/** The switch on an item's card. */
export const pressMail = page('admin', async (ctx, { req, res, person }) => {
  const { notification_enabled, back } = fieldsOf(req.body)
  await press(res, localUrl(back), async () => {
    const enabled = notification_enabled === 'on'
    const item = await changeTestItem(ctx, idOf(req), { notification_enabled: enabled }, person.email)
    flash(res, 'done', enabled ? 'pages:flash.mails_on' : 'pages:flash.mails_off', { item: item.name })
    return undefined
  })
})

export const pressDeleteItem = page('admin', async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await press(res, `/tests/${id}`, async () => {
    const item = await deleteTestItem(ctx, id, person.email)
    flash(res, 'done', 'pages:flash.item_deleted', { item: item.name })
    return '/tests'
  })
})

export const pressClearHistory = page('admin', async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await press(res, `/tests/${id}`, async () => {
    const count = await clearHistory(ctx, id, person.email)
    flash(res, 'done', 'pages:flash.history_cleared', { count })
    return undefined
  })
})
