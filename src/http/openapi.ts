import { z } from 'zod'
import type { Who } from './access.ts'
import type { ApiRoute, Endpoint } from './endpoint.ts'
import { errorShape } from './shapes.ts'

/** The API's description (OpenAPI 3.1), made from the schemas that check and answer the calls. */
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

/** Those that have a name, for all operations that refer to them. */
type Schemas = Record<string, z.core.JSONSchema.BaseSchema>

function describeOperation(endpoint: Endpoint, path: string, who: Who, schemas: Schemas): object {
  const content = (shape: z.ZodType, io: 'input' | 'output') => ({
    'application/json': { schema: toSchema(shape, io, schemas) },
  })
  return {
    summary: endpoint.summary,
    description: {
      public: 'Public',
      webhook: 'Public, or with the webhook secret',
      user: 'Any user',
      admin: 'Admins',
    }[who],
    security: {
      public: [],
      webhook: [{}, { webhookToken: [] }],
      user: [{ bearer: [] }],
      admin: [{ bearer: [] }],
    }[who],
    parameters: [...pathParameters(path), ...queryParameters(endpoint.query, schemas)],
    ...(endpoint.body && {
      requestBody: {
        required: !endpoint.body.safeParse(undefined).success,
        content: content(endpoint.body, 'input'),
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(endpoint.answers).map(([status, shape]) => [
          status,
          { description: 'Done', content: content(shape, 'output') },
        ]),
      ),
      default: { description: 'What went wrong', content: content(errorShape, 'output') },
    },
  }
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
  // Refinements and transforms have no place in a schema: the plain type is told.
  const described = z.toJSONSchema(shape, { io, unrepresentable: 'any', reused: 'inline' })
  const text = JSON.stringify(described).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $schema, $defs, ...schema }: z.core.JSONSchema.BaseSchema = JSON.parse(text)
  Object.assign(schemas, $defs)
  return schema
}
