import { z } from 'zod'
import type { Who } from './access.ts'
import type { ApiRoute, Endpoint } from './endpoint.ts'
import { errorShape } from './shapes.ts'

/** Builds the OpenAPI 3.1 description from the schemas that validate requests and responses. */
export function describeApi(routes: readonly ApiRoute[], server: { url: string; version: string }): object {
  const schemas: Schemas = {}
  const paths: Record<string, Record<string, object>> = {}
  for (const [method, path, who, endpoint] of routes) {
    const name = path.replace(/[:*](\w+)/g, '{$1}')
    paths[name] = { ...paths[name], [method.toLowerCase()]: describeOperation(endpoint, path, who, schemas) }
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

// Named schemas, collected for `components`.
type Schemas = Record<string, z.core.JSONSchema.BaseSchema>

const ACCESS: Record<Who, { description: string; security: object[] }> = {
  public: { description: 'Public', security: [] },
  webhook: { description: 'Public, or with the webhook secret', security: [{}, { webhookToken: [] }] },
  user: { description: 'Any user', security: [{ bearer: [] }] },
  admin: { description: 'Admins', security: [{ bearer: [] }] },
}

function describeOperation(endpoint: Endpoint, path: string, who: Who, schemas: Schemas): object {
  return {
    summary: endpoint.summary,
    ...ACCESS[who],
    parameters: [...pathParameters(path), ...queryParameters(endpoint.query, schemas)],
    ...(endpoint.body && { requestBody: describeBody(endpoint.body, schemas) }),
    responses: describeResponses(endpoint.answers, schemas),
  }
}

function describeBody(body: z.ZodType, schemas: Schemas): object {
  const required = !body.safeParse(undefined).success
  return { required, content: jsonContent(body, 'input', schemas) }
}

function describeResponses(answers: Endpoint['answers'], schemas: Schemas): object {
  const described = Object.entries(answers).map(([status, shape]) => [
    status,
    { description: 'Done', content: jsonContent(shape, 'output', schemas) },
  ])
  const error = { description: 'What went wrong', content: jsonContent(errorShape, 'output', schemas) }
  return { ...Object.fromEntries(described), default: error }
}

function jsonContent(shape: z.ZodType, io: 'input' | 'output', schemas: Schemas): object {
  return { 'application/json': { schema: toSchema(shape, io, schemas) } }
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/([:*])(\w+)/g)].map(([, , name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: name === 'id' ? 'integer' : 'string' },
  }))
}

function queryParameters(query: z.ZodType | undefined, schemas: Schemas): object[] {
  if (!query) return []
  const { properties = {} } = toSchema(query, 'input', schemas)
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}

function toSchema(shape: z.ZodType, io: 'input' | 'output', schemas: Schemas): z.core.JSONSchema.BaseSchema {
  // JSON Schema cannot express refinements and transforms; the plain type is described instead.
  const described = z.toJSONSchema(shape, { io, unrepresentable: 'any', reused: 'inline' })
  const text = JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $schema, $defs, ...schema }: z.core.JSONSchema.BaseSchema = JSON.parse(text)
  Object.assign(schemas, $defs)
  return schema
}
