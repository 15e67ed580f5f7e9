import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { message, time } from '../http/shapes.ts'
import { masked } from '../lib/secrets.ts'
import { checkEnvironment } from './check-environments.ts'
import * as environments from './environments.ts'

const environmentShape = z
  .object({
    id: z.int(),
    name: z.string(),
    test_server_url: z.string(),
    labels: z.array(z.string()),
    state: z.enum(['ready', 'paused', 'quarantined']),
    state_reason: z.string().nullable(),
    active_run_id: z.int().nullable(),
    setup_failures: z.int().describe('Failures before the first test in a row'),
    protocol: z.int().nullable().describe('As last seen'),
    features: z.array(z.string()),
    has_token: z.boolean(),
    last_seen_at: time.nullable(),
    next_check_at: time.nullable().describe('While it is quarantined'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Environment' })

function presentEnvironment(entry: environments.EnvironmentEntry) {
  const environment = masked(entry)
  return {
    id: environment.id,
    name: environment.name,
    test_server_url: environment.testServerUrl,
    labels: environment.labels,
    state: environment.state,
    state_reason: environment.stateReason,
    active_run_id: environment.activeRunId,
    setup_failures: environment.setupFailures,
    protocol: environment.protocol,
    features: environment.features,
    has_token: environment.token !== null,
    last_seen_at: environment.lastSeenAt,
    next_check_at: environment.nextCheckAt,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
  }
}

const changedEnvironment = message.extend({ data: environmentShape })

export const list = endpoint({
  summary: 'List the environments',
  answers: { 200: z.object({ data: z.array(environmentShape) }) },
  handle: async ctx => ({ data: (await environments.listEnvironments(ctx.db)).map(presentEnvironment) }),
})

export const get = endpoint({
  summary: 'Get an environment',
  params: idParams,
  answers: { 200: z.object({ data: environmentShape }) },
  handle: async (ctx, { params }) => ({
    data: presentEnvironment(await environments.getEnvironment(ctx.db, params.id)),
  }),
})

export const create = endpoint({
  summary: 'Add an environment: a deploy_and_test server',
  body: environments.newEnvironment,
  answers: { 201: changedEnvironment },
  async handle(ctx, { body, person, res }) {
    const environment = await environments.createEnvironment(ctx, body, person)
    res.status(201)
    return { message: 'Environment added', data: presentEnvironment(environment) }
  },
})

export const change = endpoint({
  summary: 'Change, pause or resume an environment, also out of quarantine',
  params: idParams,
  body: environments.changedEnvironment,
  answers: { 200: changedEnvironment },
  async handle(ctx, { params, body, person }) {
    const environment = await environments.changeEnvironment(ctx, params.id, body, person)
    return { message: 'Environment changed', data: presentEnvironment(environment) }
  },
})

export const remove = endpoint({
  summary: 'Delete an environment in which no run is active',
  params: idParams,
  answers: { 200: message },
  async handle(ctx, { params, person }) {
    await environments.deleteEnvironment(ctx, params.id, person)
    return { message: 'Environment deleted' }
  },
})

const checkShape = z.object({
  reachable: z.boolean(),
  protocol: z.int().nullable(),
  features: z.array(z.string()),
  took_ms: z.int(),
  error: z.string().nullable(),
})

export const check = endpoint({
  summary: "Ask an environment's server now; a good check ends its quarantine",
  params: idParams,
  answers: { 200: z.object({ data: checkShape }) },
  async handle(ctx, { params, person }) {
    const environment = await environments.getEnvironment(ctx.db, params.id)
    const { reachable, protocol, features, tookMs, error } = await checkEnvironment(
      ctx,
      environment,
      person.email,
    )
    return { data: { reachable, protocol, features, took_ms: tookMs, error: error?.message ?? null } }
  },
})
