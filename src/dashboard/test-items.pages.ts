import { z } from 'zod'
import type { Context } from '../context.ts'
import type { PageOf } from '../database/store.ts'
import type {
  ParameterSetModel as ParameterSet,
  StepModel as Step,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  formOf,
  idOf,
  localUrl,
  offsetOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { findJobVersion, type SelectedJob } from '../job-versions/job-versions.ts'
import { listJobNames } from '../job-versions/jobs.ts'
import { invalid } from '../lib/errors.ts'
import { detail } from '../lib/validation.ts'
import { listParameterSets } from '../parameter-sets/parameter-sets.ts'
import { clearHistory } from '../runs/clear-history.ts'
import { listQueue, type QueueEntry } from '../runs/queue.ts'
import { type FullRun, findRunningStep, listRuns } from '../runs/runs.ts'
import { itemFields, typedFields } from '../test-items/item-fields.ts'
import {
  changeTestItem,
  createTestItem,
  deleteTestItem,
  getTestItem,
  newTestItem,
} from '../test-items/test-items.ts'
import { findReportedTests, type ReportedTests } from '../test-results/test-results.ts'
import {
  countJudgedRuns,
  type ItemOverview,
  listItemOverviews,
  listRecentRuns,
  type RecentRun,
} from './overview.ts'

interface Choices {
  jobNames: string[]
  parameterSets: ParameterSet[]
}

interface TestsPage extends Choices {
  cards: PageOf<ItemOverview>
  search: string | undefined
  /** Those that wait. */
  queue: QueueEntry[]
  active: { run: QueueEntry['run']; step: Step | null } | null
  week: { judged: number; passed: number }
  form: Form | undefined
}
const testsPage = template<TestsPage>('pages/tests')

interface TestPage extends Choices {
  item: TestItem
  job: SelectedJob | null
  runs: PageOf<FullRun>
  recent: RecentRun[]
  lastFinished: RecentRun | null
  changes: ReportedTests | null
  form: Form
}
const testPage = template<TestPage>('pages/test')

const ITEMS_PER_PAGE = 25
const RUNS_IN_STRIP = 14
const RUNS_IN_TREND = 30
const FAILURES_NAMED = 5
const WEEK_MS = 7 * 24 * 3_600_000

export const showTests = page(async (ctx, request) => renderTests(ctx, request))

async function renderTests(
  ctx: Context,
  { req, res }: PageRequest,
  form?: Form,
  status?: number,
): Promise<void> {
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
  const active =
    head && head.position === null
      ? { run: head.run, step: await findRunningStep(ctx.db, head.run.id) }
      : null
  const waiting = queue.filter(entry => entry.position !== null)
  ctx.view.render(res, testsPage, { cards, search, queue: waiting, active, week, ...choices, form }, status)
}

async function listChoices(ctx: Context) {
  const [jobNames, parameterSets] = await Promise.all([listJobNames(ctx.db), listParameterSets(ctx.db)])
  return { jobNames, parameterSets }
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
  if (await findJobVersion(ctx.db, job)) return
  throw invalid('errors:job_not_found', { job }, [detail('associated_job_name', 'no_such_job')])
}

export const submitNewItem = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const item = await createTestItem(ctx, await itemIn(ctx, request.req.body), request.person.email)
      flash(request.res, 'done', 'pages:flash.item_created', { item: item.name })
      return '/tests'
    },
    (form, status) => renderTests(ctx, request, shownAgain(request, form), status),
    'name',
  ),
)

/** As it was typed, unticked boxes included. */
const shownAgain = ({ req }: PageRequest, form: Form): Form => ({
  ...form,
  values: typedFields(fieldsOf(req.body)),
})

export const showTest = page(async (ctx, request) => {
  const item = await getTestItem(ctx.db, idOf(request.req))
  await renderTest(ctx, request, item, formOf(itemFields(item)))
})

async function renderTest(
  ctx: Context,
  { req, res }: PageRequest,
  item: TestItem,
  form: Form,
  status?: number,
) {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const [runs, recent, job, choices] = await Promise.all([
    listRuns(ctx.db, { testItemId: item.id, limit: 20, offset }),
    listRecentRuns(ctx.db, [item.id], RUNS_IN_TREND),
    item.jobName ? findJobVersion(ctx.db, item.jobName) : null,
    listChoices(ctx),
  ])
  const lastFinished = recent.find(run => run.finishedAt) ?? null
  const lastTested = recent.find(run => run.status === 'COMPLETED')
  const changes = lastTested ? await findReportedTests(ctx.db, lastTested.id, FAILURES_NAMED) : null
  ctx.view.render(res, testPage, { item, job, runs, recent, lastFinished, changes, form, ...choices }, status)
}

export const submitItem = page(async (ctx, request) => {
  const item = await getTestItem(ctx.db, idOf(request.req))
  await submitForm(
    request,
    async () => {
      const changed = await changeTestItem(
        ctx,
        item.id,
        await itemIn(ctx, request.req.body, item),
        request.person.email,
      )
      flash(request.res, 'done', 'pages:flash.item_saved', { item: changed.name })
      return `/tests/${item.id}`
    },
    (form, status) => renderTest(ctx, request, item, shownAgain(request, form), status),
    'name',
  )
})

/** The switch on an item's card. */
export const mailAction = page(async (ctx, { req, res, person }) => {
  const { notification_enabled, back } = fieldsOf(req.body)
  await formAction(res, localUrl(back), async () => {
    const enabled = notification_enabled === 'on'
    const item = await changeTestItem(ctx, idOf(req), { notification_enabled: enabled }, person.email)
    flash(res, 'done', enabled ? 'pages:flash.mails_on' : 'pages:flash.mails_off', { item: item.name })
    return undefined
  })
})

export const deleteItemAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/tests/${id}`, async () => {
    const item = await deleteTestItem(ctx, id, person.email)
    flash(res, 'done', 'pages:flash.item_deleted', { item: item.name })
    return '/tests'
  })
})

export const clearHistoryAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/tests/${id}`, async () => {
    const count = await clearHistory(ctx, id, person.email)
    flash(res, 'done', 'pages:flash.history_cleared', { count })
    return undefined
  })
})
