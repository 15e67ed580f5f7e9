import type { Context } from '../context.ts'
import type { PageOf } from '../database/paging.ts'
import { checkEnvironment } from '../environments/check-environments.ts'
import {
  changeEnvironment,
  DEFAULT_ENVIRONMENT,
  deleteEnvironment,
  type EnvironmentEntry,
  getEnvironment,
} from '../environments/environments.ts'
import { usageOfWeek } from '../environments/usage.ts'
import { flash } from '../http/flash.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  formOf,
  idOf,
  offsetOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { masked } from '../lib/secrets.ts'
import { type FullRun, listRuns } from '../runs/runs.ts'
import { environmentIn, environmentValues } from './environment-form.pages.ts'

interface EnvironmentPage {
  environment: EnvironmentEntry
  isDefault: boolean
  usage: number
  runs: PageOf<FullRun>
  form: Form
}

const environmentPage = template<EnvironmentPage>('pages/environment')

export const showEnvironment = page(async (ctx, request) => {
  const environment = await getEnvironment(ctx.db, idOf(request.req))
  await renderEnvironment(ctx, request, environment, formOf(environmentValues(environment)))
})

async function renderEnvironment(
  ctx: Context,
  { req, res }: PageRequest,
  environment: EnvironmentEntry,
  form: Form,
  status?: number,
) {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const [runs, usage] = await Promise.all([
    listRuns(ctx, { environmentId: environment.id, limit: 20, offset }),
    usageOfWeek(ctx.db),
  ])
  const isDefault = environment.name === DEFAULT_ENVIRONMENT
  const locals = {
    environment: masked(environment),
    isDefault,
    usage: usage.get(environment.id) ?? 0,
    runs,
    form,
  }
  ctx.view.render(res, environmentPage, locals, status)
}

export const submitEnvironment = page(async (ctx, request) => {
  const environment = await getEnvironment(ctx.db, idOf(request.req))
  await submitForm(
    request,
    async () => {
      const input = environmentIn(request.req.body)
      const { name } = await changeEnvironment(ctx, environment.id, input, request.person)
      flash(request.res, 'done', 'pages:flash.environment_saved', { name })
      return `/environments/${environment.id}`
    },
    (form, status) => renderEnvironment(ctx, request, environment, form, status),
    'name',
  )
})

export const stateAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/environments/${id}`, async () => {
    const state = fieldsOf(req.body).state === 'ready' ? 'ready' : 'paused'
    const { name } = await changeEnvironment(ctx, id, { state }, person)
    flash(res, 'done', `pages:flash.environment_${state}`, { name })
    return undefined
  })
})

export const checkAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/environments/${id}`, async () => {
    const environment = await getEnvironment(ctx.db, id)
    const { error, tookMs } = await checkEnvironment(ctx, environment, person.email)
    if (error) flash(res, 'failed', error.key, error.params)
    else flash(res, 'done', 'pages:flash.environment_checked', { name: environment.name, ms: tookMs })
    return undefined
  })
})

export const deleteEnvironmentAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/environments/${id}`, async () => {
    const { name } = await deleteEnvironment(ctx, id, person)
    flash(res, 'done', 'pages:flash.environment_deleted', { name })
    return '/environments'
  })
})
