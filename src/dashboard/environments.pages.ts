import type { Context } from '../context.ts'
import { createEnvironment, type EnvironmentEntry, listEnvironments } from '../environments/environments.ts'
import { usageOfWeek } from '../environments/usage.ts'
import { flash } from '../http/flash.ts'
import { type Form, formOf, type PageRequest, page, submitForm } from '../http/page.ts'
import { template } from '../http/view.ts'
import { masked } from '../lib/secrets.ts'
import { type ActiveRun, listActiveRuns, listLastRuns, type PastRun } from '../runs/environment-runs.ts'
import { environmentIn } from './environment-form.pages.ts'

interface EnvironmentsPage {
  environments: EnvironmentEntry[]
  active: Map<number, ActiveRun>
  runs: Map<number, PastRun[]>
  usage: Map<number, number>
  form: Form
}

const environmentsPage = template<EnvironmentsPage>('pages/environments')
const RUNS_SHOWN = 12

export const showEnvironments = page((ctx, request) => renderEnvironments(ctx, request, formOf({})))

async function renderEnvironments(ctx: Context, { res }: PageRequest, form: Form, status?: number) {
  const [environments, active, runs, usage] = await ctx.sharedReads.read('environments', () =>
    Promise.all([
      listEnvironments(ctx.db),
      listActiveRuns(ctx.db),
      listLastRuns(ctx.db, RUNS_SHOWN),
      usageOfWeek(ctx.db),
    ]),
  )
  const shown = { environments: masked(environments), active, runs, usage, form }
  ctx.view.render(res, environmentsPage, shown, status)
}

export const submitNewEnvironment = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const environment = await createEnvironment(ctx, environmentIn(request.req.body), request.person)
      flash(request.res, 'done', 'pages:flash.environment_created', { name: environment.name })
      return `/environments/${environment.id}`
    },
    (form, status) => renderEnvironments(ctx, request, form, status),
    'name',
  ),
)
