import type { JsonValue } from './json.ts'
import type { Schema } from './operations.ts'

type Resolve = (schema: Schema) => Schema

/** Values of fields by their name, for calls that are not recorded. */
const BY_NAME: Record<string, JsonValue> = {
  state: 'finished',
  outcome: 'passed',
  name: 'cds-team',
  message: 'Done',
  url: 'https://hooks.example.com/cds',
  secret: 'a-long-random-text',
  subject: 'cds build 101: passed',
  recipient: 'cds-team@example.com',
  error: null,
  last_error: null,
  answer: 'ok',
  build_number: 101,
  run_id: 42,
  offset: 0,
  limit: 20,
}

/** An example of what a schema describes. */
export function sampleOf(given: Schema, resolve: Resolve, name = ''): JsonValue {
  const schema = resolve(given)
  if (schema.const !== undefined) return schema.const
  const usual = BY_NAME[name]
  if (usual !== undefined && allows(schema, usual, resolve)) return usual
  const choice = schema.anyOf ?? schema.oneOf
  if (choice?.[0]) return sampleOf(choice[0], resolve, name)
  if (schema.enum) return schema.enum[0] ?? null
  return sampleOfType(schema, resolve, name)
}

function allows(given: Schema, value: JsonValue, resolve: Resolve): boolean {
  const { anyOf, oneOf, enum: words, type } = resolve(given)
  const choices = anyOf ?? oneOf
  if (choices) return choices.some(choice => allows(choice, value, resolve))
  if (words) return words.includes(value)
  const types = [type].flat()
  if (value === null) return types.includes('null')
  return types.includes(typeof value) || (typeof value === 'number' && types.includes('integer'))
}

function sampleOfType(schema: Schema, resolve: Resolve, name: string): JsonValue {
  const { type, items, properties } = merged(schema, resolve)
  if (properties) return sampleObject(properties, resolve)
  if (items) return [sampleOf(items, resolve, name)]
  const [first = type] = Array.isArray(type) ? type : [type]
  if (first === 'integer' || first === 'number') return 1
  if (first === 'boolean') return true
  if (first === 'object' || first === undefined) return {}
  if (first === 'null') return null
  if (name === 'recipients') return 'cds-team@example.com'
  return /_at$|time$/.test(name) ? '<time>' : '…'
}

function merged(schema: Schema, resolve: Resolve): Schema {
  const parts = (schema.allOf ?? []).map(resolve)
  if (!parts.length) return schema
  const properties = Object.assign({}, ...parts.map(part => part.properties ?? {}))
  return { ...schema, properties }
}

function sampleObject(properties: Record<string, Schema>, resolve: Resolve): JsonValue {
  return Object.fromEntries(
    Object.entries(properties).map(([key, part]) => [key, sampleOf(part, resolve, key)]),
  )
}
