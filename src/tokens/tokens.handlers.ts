import * as z from 'zod'
import type { ApiTokenModel as ApiToken } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { message, time } from '../http/shapes.ts'
import { isScope, SCOPES } from '../lib/token-scopes.ts'
import * as tokens from './tokens.ts'

const tokenShape = z
  .object({
    id: z.int(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    created_by: z.string(),
    created_at: time,
    last_used_at: time.nullable(),
    expires_at: time.nullable(),
  })
  .meta({ id: 'Token' })

function presentToken({ id, name, scopes, createdBy, createdAt, lastUsedAt, expiresAt }: ApiToken) {
  return {
    ...{ id, name, scopes: scopes.filter(isScope), created_by: createdBy, created_at: createdAt },
    ...{ last_used_at: lastUsedAt, expires_at: expiresAt },
  }
}

export const list = endpoint({
  summary: 'List the API tokens',
  answers: { 200: z.object({ data: z.array(tokenShape) }) },
  handle: async ctx => ({ data: (await tokens.listTokens(ctx.db)).map(presentToken) }),
})

export const create = endpoint({
  summary: 'Create an API token; it is shown this once',
  body: tokens.newToken,
  answers: {
    201: message.extend({ data: tokenShape.extend({ token: z.string() }).meta({ id: 'NewToken' }) }),
  },
  async handle(ctx, { body, person, res }) {
    const { token, row } = await tokens.createToken(ctx, body, person)
    res.status(201)
    return { message: 'Token created; it is not shown again', data: { ...presentToken(row), token } }
  },
})

export const remove = endpoint({
  summary: 'Delete an API token; it is invalid at once',
  params: idParams,
  answers: { 200: message },
  async handle(ctx, { params, person }) {
    await tokens.deleteToken(ctx, params.id, person)
    return { message: 'Token deleted' }
  },
})
