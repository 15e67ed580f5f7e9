import { listBuilds } from '../builds/list-builds.ts'
import type { Context } from '../context.ts'
import type { PageOf } from '../database/paging.ts'
import type { BuildModel as Build, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import {
  type Form,
  fieldsOf,
  formOf,
  idOf,
  offsetOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { findJobVersion, type SelectedJob } from '../job-versions/job-versions.ts'
import { type FullRun, listRuns } from '../runs/runs.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'
import { itemFields } from '../test-items/item-fields.ts'
import { changeTestItem, getTestItem } from '../test-items/test-items.ts'
import { findReportedTests, type ReportedTests } from '../test-results/reported-tests.ts'
import { type Choices, itemIn, listChoices, withTypedValues } from './item-form.pages.ts'
import { listRecentRuns, type RecentRun } from './overview.ts'

interface TestPage extends Choices {
  item: TestItem
  mayTrigger: boolean
  job: SelectedJob | null
  /** The newest, for results that were made elsewhere. */
  builds: Build[]
  runs: PageOf<FullRun>
  recent: RecentRun[]
  lastFinished: RecentRun | null
  changes: ReportedTests | null
  form: Form
}

const testPage = template<TestPage>('pages/test')
const RUNS_IN_TREND = 30
const FAILURES_NAMED = 5
const BUILDS_OFFERED = 50

export const showTest = page(async (ctx, request) => {
  const item = await getTestItem(ctx.db, idOf(request.req))
  await renderTest(ctx, request, item, formOf(itemFields(item)))
})

async function renderTest(
  ctx: Context,
  { req, res, person }: PageRequest,
  item: TestItem,
  form: Form,
  status?: number,
) {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const [runs, recent, job, builds, choices] = await Promise.all([
    listRuns(ctx.db, { testItemId: item.id, limit: 20, offset }),
    listRecentRuns(ctx.db, [item.id], RUNS_IN_TREND),
    item.jobName ? findJobVersion(ctx.db, item.jobName) : null,
    item.jobName ? newestBuilds(ctx, item.jobName) : [],
    listChoices(ctx),
  ])
  const lastFinished = recent.find(run => run.finishedAt) ?? null
  const lastTested = recent.find(run => run.status === 'COMPLETED')
  const changes = lastTested ? await findReportedTests(ctx.db, lastTested.id, FAILURES_NAMED) : null
  const shown = {
    item,
    mayTrigger: mayTrigger(item, person),
    job,
    builds,
    runs,
    recent,
    lastFinished,
    changes,
    form,
  }
  ctx.view.render(res, testPage, { ...shown, ...choices }, status)
}

async function newestBuilds(ctx: Context, jobName: string): Promise<Build[]> {
  return (await listBuilds(ctx, { jobName, limit: BUILDS_OFFERED, offset: 0 })).data
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
        request.person,
      )
      flash(request.res, 'done', 'pages:flash.item_saved', { item: changed.name })
      return `/tests/${item.id}`
    },
    (form, status) => renderTest(ctx, request, item, withTypedValues(request, form), status),
    'name',
  )
})
