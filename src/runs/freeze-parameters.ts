import type { Queryable } from '../database/client.ts'
import type {
  ParameterSetModel as ParameterSet,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { invalid } from '../lib/errors.ts'
import { protect } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'
import { detailsOf } from '../lib/validation.ts'
import { getDefaultParameterSet, getParameterSet } from '../parameter-sets/parameter-sets.ts'
import {
  DEFAULT_PARAMETERS,
  type Parameters,
  parameters as parametersSchema,
  sealedNames,
} from '../parameter-sets/parameters.ts'

export function chooseParameterSet(
  db: Queryable,
  item: Pick<TestItem, 'parameterSetId'>,
  setId: number | null | undefined,
): Promise<ParameterSet> {
  const id = setId ?? item.parameterSetId
  return id ? getParameterSet(db, id) : getDefaultParameterSet(db)
}

/** Those of the set, with `given` over them: values for one run alone. */
export function freezeParameters(
  sealer: Sealer,
  set: Pick<ParameterSet, 'parameters'>,
  item: Pick<TestItem, 'name'>,
  given: Parameters = {},
): Parameters {
  const stored = set.parameters as Parameters
  const secretNames = sealedNames(stored)
  const own = protect(sealer, given, { stored, secretNames, path: 'parameters' })
  return fillIn(refuseTooLarge({ ...stored, ...own }), item)
}

function refuseTooLarge(all: Parameters): Parameters {
  const parsed = parametersSchema.safeParse(all)
  if (parsed.success) return all
  const details = detailsOf(parsed.error, all).map(wrong => ({
    ...wrong,
    path: ['parameters', wrong.path].filter(Boolean).join('.'),
  }))
  throw invalid('errors:invalid_input', { path: details[0]?.path ?? '', count: details.length - 1 }, details)
}

function fillIn({ package_path, ...given }: Parameters, item: Pick<TestItem, 'name'>): Parameters {
  return {
    ...DEFAULT_PARAMETERS,
    ...given,
    service_name: given.service_name || item.name,
    report_keyword: given.report_keyword || item.name,
  }
}
