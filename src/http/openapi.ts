import * as z from 'zod'
import { inputSchemas, optionalText } from '../lib/input-schemas.ts'
import { scopesFor, type Who } from './access.ts'
import type { ApiRoute } from './endpoint.ts'
import { errorShape } from './shapes.ts'

export function describeApi(routes: readonly ApiRoute[], server: { url: string; version: string }): object {
  const schemas: Schemas = {}
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const [method, path] = route
    const name = path.replace(/[:*](\w+)/g, '{$1}')
    paths[name] = { ...paths[name], [method.toLowerCase()]: describeOperation(route, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'CRAT', version: server.version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: `${server.url}/api/v1` }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        webhookToken: { type: 'apiKey', in: 'header', name: 'X-Crat-Token' },
      },
    },
  }
}

type Schemas = Record<string, z.core.JSONSchema.BaseSchema>

const BEARER = [{ bearer: [] }]
const ACCESS: Record<Who, { description: string; security: object[] }> = {
  public: { description: 'Public', security: [] },
  webhook: {
    description: 'Public, or with the webhook secret where one is set',
    security: [{}, { webhookToken: [] }, { bearer: [] }],
  },
  user: { description: 'Any user', security: BEARER },
  trigger: { description: 'Any user', security: BEARER },
  upload: { description: 'Any user', security: BEARER },
  admin: { description: 'Admins', security: BEARER },
  announcer: { description: 'Any user', security: BEARER },
  user_session: { description: 'Any user, logged in', security: BEARER },
  admin_session: { description: 'Admins, logged in', security: BEARER },
}

function describeAccess(method: string, who: Who) {
  const { description, security } = ACCESS[who]
  const scopes = scopesFor(method, who).join(' or ') || 'none'
  return {
    description: who === 'public' ? description : `${description}. API tokens with the scope: ${scopes}.`,
    security,
  }
}

function describeOperation(route: ApiRoute, schemas: Schemas): object {
  const [method, , who, endpoint] = route
  return {
    summary: endpoint.summary,
    ...describeAccess(method, who),
    parameters: [...pathParameters(route, schemas), ...queryParameters(endpoint.query, schemas)],
    ...(endpoint.body && { requestBody: describeBody(endpoint.body, schemas) }),
    ...(endpoint.file && { requestBody: describeFile(endpoint.file) }),
    responses: describeResponses(route, schemas),
  }
}

function describeBody(body: z.ZodType, schemas: Schemas): object {
  const required = !body.safeParse(undefined).success
  return { required, content: jsonContent(body, 'input', schemas) }
}

function describeFile(type: string): object {
  return { required: true, content: { [type]: { schema: { type: 'string', format: 'binary' } } } }
}

function describeResponses(route: ApiRoute, schemas: Schemas): object {
  const [, , , { answers, otherTypes = [] }] = route
  const others = Object.fromEntries(otherTypes.map(type => [type, { schema: { type: 'string' } }]))
  const files = !Object.keys(answers).length && { 200: { description: 'Done', content: others } }
  const described = Object.entries(answers).map(([status, shape]) => [
    status,
    { description: 'Done', content: { ...jsonContent(shape, 'output', schemas), ...others } },
  ])
  const content = jsonContent(errorShape, 'output', schemas)
  const refusals = refusalsOf(route).map(status => [status, { description: REFUSALS[status], content }])
  const otherwise = { default: { description: 'What went wrong', content } }
  return { ...Object.fromEntries(refusals), ...files, ...Object.fromEntries(described), ...otherwise }
}

const REFUSALS: Record<number, string> = {
  400: 'Malformed or invalid; `details` names each wrong field',
  401: 'Not logged in, or the token is not valid',
  403: 'Not allowed',
  404: 'No such thing',
  409: 'In conflict with what is there',
  413: 'The body is too large',
  415: 'Not JSON, or an unknown encoding',
  421: 'The server is not called by this name',
  429: 'Too many; see Retry-After',
  503: 'The database is unavailable; see Retry-After',
}

function refusalsOf([method, path, who, { params, query, body, file }]: ApiRoute): number[] {
  const changes = method !== 'GET'
  return [
    ...(params || query || body ? [400] : []),
    ...(who === 'public' && !body ? [] : [401]),
    ...(who === 'public' && !changes && !query ? [] : [403]),
    ...(/[:*]/.test(path) || body ? [404] : []),
    ...(changes ? [409] : []),
    ...(body ? [413, 415] : file ? [413] : []),
    ...[421, 429, 503],
  ]
}

function jsonContent(shape: z.ZodType, io: 'input' | 'output', schemas: Schemas): object {
  return { 'application/json': { schema: toSchema(shape, io, schemas) } }
}

const NAME = String.raw`^[^\u0000-\u001f\u007f-\u009f]+$`
function pathParameters([, path, , { params }]: ApiRoute, schemas: Schemas): object[] {
  const { properties = {} } = params ? toSchema(params, 'input', schemas) : {}
  return [...path.matchAll(/([:*])(\w+)/g)].map(([, kind, name = '']) => ({
    ...{ name, in: 'path', required: true },
    // Express splits what `*` matches at its slashes.
    schema: kind === ':' && properties[name] ? properties[name] : { type: 'string', pattern: NAME },
  }))
}

function queryParameters(query: z.ZodType | undefined, schemas: Schemas): object[] {
  if (!query) return []
  const { properties = {} } = toSchema(query, 'input', schemas)
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}

function toSchema(shape: z.ZodType, io: 'input' | 'output', schemas: Schemas): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(shape, {
    ...{ io, unrepresentable: 'any', reused: 'inline' },
    override({ zodSchema, jsonSchema }) {
      if (io !== 'input') return
      const own = inputSchemas.get(zodSchema)
      if (own) replace(jsonSchema, own)
      if (optionalText.has(zodSchema))
        replace(jsonSchema, { anyOf: [{ ...jsonSchema }, { type: 'string', maxLength: 0 }] })
    },
  })
  const text = JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $schema, $defs, ...schema }: z.core.JSONSchema.BaseSchema = JSON.parse(text)
  Object.assign(schemas, $defs)
  return schema
}

function replace(schema: z.core.JSONSchema.BaseSchema, by: z.core.JSONSchema.BaseSchema): void {
  for (const key of Object.keys(schema)) delete schema[key]
  Object.assign(schema, by)
}
