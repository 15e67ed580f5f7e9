import { listBuilds } from '../builds/list-builds.ts'
import type { Context } from '../context.ts'
import type { PageOf } from '../database/paging.ts'
import type { BuildModel as Build, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { mergeChanged } from '../http/conflict.ts'
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
import { type NextSyncOf, nextSyncsBy } from '../job-versions/job.pages.ts'
import { findJobStatuses, type JobStatus } from '../job-versions/job-status.ts'
import { holds, revisionOf } from '../lib/revision.ts'
import { type FullRun, listRuns } from '../runs/runs.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'
import { itemFields } from '../test-items/item-fields.ts'
import { changeTestItem, getTestItem } from '../test-items/test-items.ts'
import { findReportedTests, type ReportedTests } from '../test-results/reported-tests.ts'
import { follows as followed } from '../watches/watches.ts'
import { type Choices, itemIn, listChoices, withTypedValues } from './item-form.pages.ts'
import { currentOf, listRecentRuns, listVerdicts, type RecentRun } from './overview.ts'
import { verdictAge } from './verdict-age.ts'

interface TestPage extends Choices {
  item: TestItem
  mayTrigger: boolean
  follows: boolean
  job: JobStatus | null
  nextSyncOf: NextSyncOf
  /** The newest, for results that were made elsewhere. */
  builds: Build[]
  runs: PageOf<FullRun>
  recent: RecentRun[]
  verdict: RecentRun | null
  current: RecentRun | null
  age: ReturnType<typeof verdictAge>
  changes: ReportedTests | null
  form: Form
}

const testPage = template<TestPage>('pages/test')
const RUNS_IN_TREND = 30
const FAILURES_NAMED = 5
const BUILDS_OFFERED = 50

export const showTest = page(async (ctx, request) => {
  const item = await getTestItem(ctx.db, idOf(request.req))
  await renderTest(
    ctx,
    request,
    item,
    formOf({ ...itemFields(item), revision: revisionOf(itemFields(item)) }),
  )
})

async function renderTest(
  ctx: Context,
  { req, res, person }: PageRequest,
  item: TestItem,
  form: Form,
  status?: number,
) {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const [runs, recent, [verdict = null], jobs, builds, choices, settings, follows] = await Promise.all([
    listRuns(ctx, { testItemId: item.id, limit: 20, offset }),
    listRecentRuns(ctx.db, [item.id], RUNS_IN_TREND),
    listVerdicts(ctx.db, [item.id]),
    findJobStatuses(ctx.pool, item.jobName ? [item.jobName] : []),
    item.jobName ? newestBuilds(ctx, item.jobName) : [],
    listChoices(ctx),
    ctx.settings.get(),
    followed(ctx.db, person, { testItemId: item.id }),
  ])
  const job = jobs.get(item.jobName ?? '') ?? null
  const lastTested = recent.find(run => run.status === 'COMPLETED')
  const changes = lastTested ? await findReportedTests(ctx.db, lastTested.id, FAILURES_NAMED) : null
  const shown = { item, mayTrigger: mayTrigger(item, person), job, nextSyncOf: nextSyncsBy(settings) }
  const results = {
    runs,
    builds,
    recent,
    verdict,
    current: currentOf(recent),
    age: verdictAge(verdict, job),
    changes,
  }
  ctx.view.render(res, testPage, { ...shown, follows, ...results, ...choices, form }, status)
}

async function newestBuilds(ctx: Context, jobName: string): Promise<Build[]> {
  return (await listBuilds(ctx, { jobName, limit: BUILDS_OFFERED, offset: 0 })).data
}

export const submitItem = page(async (ctx, request) => {
  const item = await getTestItem(ctx.db, idOf(request.req))
  await submitForm(
    request,
    async () => {
      const { revision } = fieldsOf(request.req.body)
      const input = await itemIn(ctx, request.req.body, item)
      const changed = await changeTestItem(ctx, item.id, input, request.person, revision || null)
      flash(request.res, 'done', 'pages:flash.item_saved', { item: changed.name })
      return `/tests/${item.id}`
    },
    async (form, status) => {
      const current = await getTestItem(ctx.db, item.id)
      await renderTest(ctx, request, current, mergeItem(withTypedValues(request, form), current), status)
    },
    'name',
  )
})

/** The form after someone else has changed the item: theirs beside what was typed. */
function mergeItem(form: Form, item: TestItem): Form {
  if (!form.changed.length) return form
  const theirs = itemFields(item)
  const { revision, ...yours } = form.values
  return mergeChanged(form, revisionOf(theirs), {
    ...{ theirs, yours },
    isUntouched: name => holds(theirs, String(revision), name, yours[name]),
  })
}
