import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { inputError, parseInput } from '../http/input.ts'
import { rowId } from '../lib/fields.ts'
import { masked } from '../lib/secrets.ts'
import { detail } from '../lib/validation.ts'
import { parametersIn } from '../parameter-sets/parameter-set-form.pages.ts'
import { parameters } from '../parameter-sets/parameters.ts'

type Fields = Record<string, string | undefined>

const chosen = (key: 'build_id' | 'parameter_set_id' | 'id') =>
  z.preprocess(text => (text ? Number(text) : undefined), rowId(key).optional())

const choice = z.object({
  build_id: chosen('build_id'),
  parameter_set_id: chosen('parameter_set_id'),
  environment_id: chosen('id'),
})

export function choiceIn(fields: Fields) {
  const { build_id, parameter_set_id, environment_id } = parseInput(choice, fields)
  return { buildId: build_id, parameterSetId: parameter_set_id, environmentId: environment_id }
}

const changedParameters = z.object({ parameters })

/** What was typed over the values of the set that the form showed. */
export function changedValuesIn(fields: Fields, shown: Pick<ParameterSet, 'parameters'>) {
  const before = masked(shown.parameters) as Record<string, unknown>
  const typed = parametersIn(fields)
  refuseLeftOut(before, typed)
  const changed = Object.entries(typed).filter(([key, value]) => !isSame(before[key], value))
  if (!changed.length) return undefined
  return parseInput(changedParameters, { parameters: Object.fromEntries(changed) }).parameters
}

function refuseLeftOut(before: Record<string, unknown>, typed: Record<string, unknown>): void {
  const name = Object.keys(before).find(key => !Object.hasOwn(typed, key) && key !== 'package_path')
  if (name) throw inputError([detail('extra', 'left_out', { name })])
}

/** A field that the set does not have is empty. */
function isSame(before: unknown, value: unknown): boolean {
  if (typeof before === 'string' && typeof value === 'string') return before.trim() === value.trim()
  return isDeepStrictEqual(before ?? '', value)
}
