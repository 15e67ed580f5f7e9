import * as z from 'zod'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { ifMatch, setETag } from '../http/etag.ts'
import { idParams, pageQuery } from '../http/input.ts'
import { message, page, presentPage, time } from '../http/shapes.ts'
import { masked } from '../lib/secrets.ts'
import {
  changedParameterSet,
  changeParameterSet,
  createParameterSet,
  deleteParameterSet,
  newParameterSet,
} from './edit-parameter-sets.ts'
import * as parameterSets from './parameter-sets.ts'
import { type Parameters, sealedNames } from './parameters.ts'
import { setRevision } from './set-revision.ts'

const parametersShape = z.looseObject({})

const parameterSetShape = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    parameters: parametersShape.describe('Secret values are shown as ••••••, which written back keeps them'),
    secret_parameters: z.array(z.string()).describe('Parameters whose values are secret'),
    version: z.int(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'ParameterSet' })

function presentParameterSet(set: ParameterSet) {
  return {
    id: set.id,
    name: set.name,
    description: set.description,
    parameters: masked(set.parameters),
    secret_parameters: sealedNames(set.parameters as Parameters),
    version: set.version,
    created_at: set.createdAt,
    updated_at: set.updatedAt,
  }
}

const oneSet = z.object({ data: parameterSetShape })
const changedSet = message.extend({ data: parameterSetShape })

export const list = endpoint({
  summary: 'List all parameter sets',
  answers: { 200: z.object({ data: z.array(parameterSetShape) }) },
  handle: async ctx => ({ data: (await parameterSets.listParameterSets(ctx.db)).map(presentParameterSet) }),
})

export const get = endpoint({
  summary: 'Get a parameter set',
  params: idParams,
  answers: { 200: oneSet },
  async handle(ctx, { params, res }) {
    const set = await parameterSets.getParameterSet(ctx.db, params.id)
    setETag(res, setRevision(set))
    return { data: presentParameterSet(set) }
  },
})

export const versions = endpoint({
  summary: 'List the versions of a parameter set, newest first',
  params: idParams,
  query: pageQuery,
  answers: {
    200: page(
      z.object({ version: z.int(), parameters: parametersShape, changed_by: z.string(), created_at: time }),
    ),
  },
  async handle(ctx, { params, query }) {
    const found = await parameterSets.listParameterSetVersions(ctx.db, params.id, query)
    return presentPage(found, ({ version, parameters, changedBy, createdAt }) => ({
      ...{ version, parameters: masked(parameters), changed_by: changedBy, created_at: createdAt },
    }))
  },
})

export const create = endpoint({
  summary: 'Create a parameter set',
  body: newParameterSet,
  answers: { 201: changedSet },
  async handle(ctx, { body, person, res }) {
    const set = await createParameterSet(ctx, body, person)
    res.status(201)
    return { message: 'Parameter set created', data: presentParameterSet(set) }
  },
})

export const change = endpoint({
  summary: 'Change a parameter set; changed parameters are a new version',
  params: idParams,
  body: changedParameterSet,
  answers: { 200: changedSet },
  async handle(ctx, { params, body, person, req, res }) {
    const set = await changeParameterSet(ctx, params.id, body, person, ifMatch(req))
    setETag(res, setRevision(set))
    return { message: 'Parameter set changed', data: presentParameterSet(set) }
  },
})

export const remove = endpoint({
  summary: 'Delete a parameter set',
  params: idParams,
  answers: { 200: changedSet },
  async handle(ctx, { params, person }) {
    const set = await deleteParameterSet(ctx, params.id, person)
    return { message: 'Parameter set deleted', data: presentParameterSet(set) }
  },
})
