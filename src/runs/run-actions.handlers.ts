import * as z from 'zod'
import { lacksPackage } from '../builds/package-at-trigger.ts'
import type { Context } from '../context.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { message } from '../http/shapes.ts'
import { rowId } from '../lib/fields.ts'
import { translate } from '../lib/i18n.ts'
import { parameters } from '../parameter-sets/parameters.ts'
import { cancelRun } from './cancel-run.ts'
import { deleteItemWithRuns } from './clear-history.ts'
import { retryRun } from './retry-run.ts'
import { presentRun, runShape } from './runs.shape.ts'
import type { FullRun } from './runs.ts'
import { triggerRun } from './trigger-run.ts'

const triggered = message.extend({
  data: z.object({
    run_id: z.int(),
    queued: z.boolean(),
    queue_position: z.int().nullable(),
    build_info_id: z.int().nullable(),
    warning: z.string().nullable().describe('Such as that the build has no package yet'),
  }),
})

async function presentTriggered({ db, packageWatch }: Context, run: FullRun) {
  const position = run.forecast?.position ?? null
  const queued = position !== null
  return {
    message: queued ? `Run ${run.id} waits at position ${position}` : `Run ${run.id} starts`,
    data: {
      ...{ run_id: run.id, queued, queue_position: position, build_info_id: run.buildId },
      warning: (await lacksPackage(db, packageWatch, run.build)) ? noPackage(run) : null,
    },
  }
}

const noPackage = ({ jobName, buildNumber }: FullRun) =>
  translate('en', 'pages:flash.no_package', { job: jobName, number: buildNumber })

const idOrNothing = rowId('id').nullish()
const buildNumber = rowId('whole_number', { min: 1, max: 2_147_483_647 })

export const trigger = endpoint({
  summary: "Deploy and test a build, by default the job's selected one",
  params: idParams,
  body: z
    .object({
      ...{ build_info_id: idOrNothing, parameter_set_id: idOrNothing, environment_id: idOrNothing },
      build_number: buildNumber.nullish().describe("Of the item's job, instead of build_info_id"),
      parameters: parameters
        .optional()
        .describe('Values that go over those of the parameter set for this run alone'),
    })
    .default({}),
  answers: { 200: triggered },
  async handle(ctx, { params, body, person }) {
    const input = {
      testItemId: params.id,
      buildId: body.build_info_id,
      buildNumber: body.build_number,
      parameterSetId: body.parameter_set_id,
      environmentId: body.environment_id,
      parameters: body.parameters,
    }
    return presentTriggered(ctx, await triggerRun(ctx, input, person))
  },
})

export const cancel = endpoint({
  summary: 'Cancel a queued or active run: its owner, or an admin',
  params: idParams,
  answers: { 200: message.extend({ data: runShape }) },
  handle: async (ctx, { params, person }) => ({
    message: 'Run cancelled',
    data: presentRun(await cancelRun(ctx, params.id, person)),
  }),
})

export const retry = endpoint({
  summary: 'Run a finished run again, with the same build, and the same parameters or those of its set today',
  params: idParams,
  body: z
    .object({ environment_id: idOrNothing, parameters: z.enum(['frozen', 'current']).optional() })
    .default({}),
  answers: { 200: triggered },
  async handle(ctx, { params, body, person }) {
    const input = { environmentId: body.environment_id, parameters: body.parameters }
    return presentTriggered(ctx, await retryRun(ctx, params.id, person, input))
  },
})

export const removeItem = endpoint({
  summary: 'Delete a test item and its finished runs',
  params: idParams,
  answers: { 200: message },
  async handle(ctx, { params, person }) {
    await deleteItemWithRuns(ctx, params.id, person)
    return { message: 'Test item deleted' }
  },
})
