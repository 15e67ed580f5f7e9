import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { inputError, parseInput, refuseDeep, whereItBreaks } from '../http/input.ts'
import { fieldsOf } from '../http/page.ts'
import { masked } from '../lib/secrets.ts'
import { detail } from '../lib/validation.ts'
import { newParameterSet } from './edit-parameter-sets.ts'
import { DEFAULT_PARAMETERS, markedNames, type Parameters } from './parameters.ts'

export const KNOWN_KEYS = Object.keys(DEFAULT_PARAMETERS)

export function valuesOf({
  name,
  description,
  parameters,
}: Pick<ParameterSet, 'name' | 'description'> & { parameters: unknown }) {
  const all = Object.entries(masked(parameters as object))
  const known = all.filter(([key]) => KNOWN_KEYS.includes(key)).map(([key, value]) => [`p_${key}`, value])
  const others = all.filter(([key]) => !KNOWN_KEYS.includes(key))
  const extra = others.length ? JSON.stringify(Object.fromEntries(others), null, 2) : ''
  const secret_parameters = markedNames(parameters as Parameters).join(', ')
  return { name, description, extra, secret_parameters, ...Object.fromEntries(known) }
}

export function setIn(body: unknown) {
  const fields = fieldsOf(body)
  const { name, description, secret_parameters = '' } = fields
  const parameters = parametersIn(fields)
  const names = secret_parameters
    .split(',')
    .map(text => text.trim())
    .filter(Boolean)
  const input = { name, description, parameters, secret_parameters: names }
  return parseInput(newParameterSet, input)
}

export function parametersIn(fields: Record<string, string | undefined>): Record<string, unknown> {
  const known = KNOWN_KEYS.map(key => [key, fields[`p_${key}`]?.trim()]).filter(
    ([, value]) => value !== undefined,
  )
  return { ...Object.fromEntries(known), ...extraIn(fields.extra ?? '') }
}

function extraIn(json: string): object {
  if (!json.trim()) return {}
  const extra = parseObject(json)
  const known = KNOWN_KEYS.find(key => Object.hasOwn(extra, key))
  if (known) throw inputError([detail('extra', 'own_field', { name: known })])
  return extra
}

function parseObject(json: string): object {
  const value = parseJson(json)
  refuseDeep(value)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw inputError([detail('extra', 'object')])
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw inputError([detail('extra', 'json', whereItBreaks(json, (error as Error).message))])
  }
}
