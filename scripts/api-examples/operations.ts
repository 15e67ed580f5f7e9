import { describeApi } from '../../src/http/openapi.ts'
import { API } from '../../src/routes.ts'
import type { JsonValue } from './json.ts'

export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: JsonValue
  enum?: JsonValue[]
  default?: JsonValue
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
}

interface Content {
  content?: Record<string, { schema: Schema }>
}

/** An operation of the OpenAPI document. */
export interface Operation {
  security: object[]
  parameters: { name: string; in: string }[]
  requestBody?: Content
  responses: Record<string, Content>
}

export interface Described {
  operationOf(method: string, path: string): Operation | undefined
  resolve(schema: Schema): Schema
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export function readOperations(): Described {
  const described = describeApi(API, { url: 'https://crat.example.com', version: '2.0.0' }) as OpenApi
  return {
    operationOf: (method, path) => described.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()],
    resolve(schema) {
      const name = schema.$ref?.split('/').at(-1)
      return name ? (described.components.schemas[name] ?? {}) : schema
    },
  }
}

export function jsonSchemaOf(content: Content | undefined): Schema | undefined {
  return content?.content?.['application/json']?.schema
}

/** The status and the content of what is answered where all goes well. */
export function successOf({ responses }: Operation): [status: number, content: Content] {
  const [status = '200', content = {}] = Object.entries(responses).find(([name]) => /^2/.test(name)) ?? []
  return [Number(status), content]
}
