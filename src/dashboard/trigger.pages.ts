import { getBuild } from '../builds/builds.ts'
import { listBuilds } from '../builds/list-builds.ts'
import { searchBuilds, searchBuildsOfJob } from '../builds/search.ts'
import type { Context } from '../context.ts'
import { type EnvironmentEntry, listEnvironments } from '../environments/environments.ts'
import type {
  BuildModel as Build,
  ParameterSetModel as ParameterSet,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  formOf,
  idOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { findJobStatuses, type JobStatus } from '../job-versions/job-status.ts'
import { KNOWN_KEYS, valuesOf } from '../parameter-sets/parameter-set-form.pages.ts'
import {
  getDefaultParameterSet,
  getParameterSet,
  listNamedSets,
  type NamedSet,
} from '../parameter-sets/parameter-sets.ts'
import { showStarted } from '../runs/run-actions.pages.ts'
import { triggerRun } from '../runs/trigger-run.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { changedValuesIn, choiceIn } from './trigger-form.pages.ts'

interface TriggerPage {
  item: TestItem
  mayTrigger: boolean
  job: JobStatus | null
  builds: Build[]
  search: string
  set: ParameterSet
  parameterSets: NamedSet[]
  environments: EnvironmentEntry[]
  knownKeys: string[]
  form: Form
}

const triggerPage = template<TriggerPage>('pages/trigger')
const BUILDS_OFFERED = 5

export const showTrigger = page(async (ctx, request) => {
  const { build_id, parameter_set_id, q } = fieldsOf(request.req.query)
  const item = await getTestItem(ctx.db, idOf(request.req))
  const set = await setFor(ctx, item, parameter_set_id)
  const values = { ...valuesOfSet(set), build_id, parameter_set_id: set.id, q }
  await renderTrigger(ctx, request, item, set, formOf(values))
})

/** Of a click, which chooses nothing but a build, or of the form. */
export const triggerAction = page(async (ctx, request) => {
  const { req, res, person } = request
  const fields = fieldsOf(req.body)
  const testItemId = idOf(req)
  if (fields.shown_set_id !== undefined) return submitTrigger(ctx, request)
  await formAction(res, `/tests/${testItemId}`, async () =>
    showStarted(ctx, res, await triggerRun(ctx, { testItemId, ...choiceIn(fields) }, person)),
  )
})

async function submitTrigger(ctx: Context, request: PageRequest): Promise<void> {
  const { req, res, person } = request
  const fields = fieldsOf(req.body)
  const item = await getTestItem(ctx.db, idOf(req))
  const shown = await setFor(ctx, item, fields.shown_set_id)
  if (fields.show) return showChoice(ctx, request, item, shown)
  await submitForm(
    request,
    async () => {
      const parameters = changedValuesIn(fields, shown)
      const input = { testItemId: item.id, ...choiceIn(fields), parameters }
      return showStarted(ctx, res, await triggerRun(ctx, input, person))
    },
    (form, status) => renderTrigger(ctx, request, item, shown, form, status),
  )
}

/** Shows the builds that are searched for, or the values of another set: nothing that was typed is lost. */
async function showChoice(ctx: Context, request: PageRequest, item: TestItem, shown: ParameterSet) {
  const fields = fieldsOf(request.req.body)
  const set = await setFor(ctx, item, fields.parameter_set_id)
  const values = set.id === shown.id ? fields : { ...fields, ...valuesOfSet(set) }
  await renderTrigger(ctx, request, item, set, formOf(values))
}

function setFor(ctx: Context, item: TestItem, chosen: string | undefined): Promise<ParameterSet> {
  const id = Number(chosen) || item.parameterSetId
  return id ? getParameterSet(ctx.db, id) : getDefaultParameterSet(ctx.db)
}

function valuesOfSet(set: ParameterSet) {
  const { name, description, ...values } = valuesOf(set)
  return values
}

async function renderTrigger(
  ctx: Context,
  { res, person }: PageRequest,
  item: TestItem,
  set: ParameterSet,
  form: Form,
  status?: number,
) {
  const search = String(form.values.q ?? '')
    .trim()
    .slice(0, 200)
  const [jobs, parameterSets, environments, found] = await Promise.all([
    findJobStatuses(ctx.pool, item.jobName ? [item.jobName] : []),
    listNamedSets(ctx.db),
    listEnvironments(ctx.db),
    findBuilds(ctx, item, search),
  ])
  const job = jobs.get(item.jobName ?? '') ?? null
  const chosenId = Number(form.values.build_id) || job?.selectedBuild?.id || job?.newestBuild?.id
  const builds = await offeredBuilds(ctx, job, found, chosenId)
  const shown = { item, mayTrigger: mayTrigger(item, person), job, builds, search, set, parameterSets }
  const values = { ...form.values, build_id: chosenId }
  const locals = { ...shown, environments, knownKeys: KNOWN_KEYS, form: { ...form, values } }
  ctx.view.render(res, triggerPage, locals, status)
}

async function findBuilds(ctx: Context, { jobName }: TestItem, search: string): Promise<Build[]> {
  if (jobName && search) return searchBuildsOfJob(ctx.pool, jobName, search)
  const page = { limit: BUILDS_OFFERED, offset: 0 }
  if (jobName) return (await listBuilds(ctx, { jobName, ...page })).data
  return search ? (await searchBuilds(ctx, search, page)).data : (await listBuilds(ctx, page)).data
}

/** The selected one first, then the newest, what was found and what is chosen; each once. */
async function offeredBuilds(
  ctx: Context,
  job: JobStatus | null,
  found: Build[],
  chosenId: number | undefined,
): Promise<Build[]> {
  const known = [job?.selectedBuild, job?.newestBuild, ...found].filter(build => build != null)
  const isKnown = known.some(({ id }) => id === chosenId)
  const chosen = chosenId && !isKnown ? [await getBuild(ctx.db, chosenId)] : []
  return [...new Map([...known, ...chosen].map(build => [build.id, build])).values()]
}
