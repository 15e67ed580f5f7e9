import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '../database/client.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import type { Sealer } from '../lib/sealer.ts'
import { type DiffLine, diffParameters } from '../parameter-sets/diff.ts'
import type { Parameters } from '../parameter-sets/parameters.ts'
import { chooseParameterSet, freezeParameters } from './freeze-parameters.ts'
import type { FullRun } from './runs.ts'

export interface ParametersToday {
  set: ParameterSet
  /** Between the values of the run and those of the set; secrets masked. */
  diff: DiffLine[]
}

/** Compares the values of a run with those that its parameter set has today. */
export async function compareParameters(
  { db, sealer }: { db: Queryable; sealer: Sealer },
  run: Pick<FullRun, 'testItem' | 'itemName' | 'parameterSetId' | 'parameters'>,
): Promise<ParametersToday> {
  const set = await chooseParameterSet(db, run.testItem, run.parameterSetId)
  const today = freezeParameters(sealer, set, { name: run.itemName })
  return { set, diff: diffParameters(sealedAlike(sealer, run.parameters as Parameters, today), today) }
}

/** The same secret is another text each time that it is sealed. */
function sealedAlike(sealer: Sealer, before: Parameters, today: Parameters): Parameters {
  const entries = Object.entries(before).map(([key, value]) => {
    const both = [value, today[key]]
    const isSame = sealer.canOpen(both) && isDeepStrictEqual(sealer.open(value), sealer.open(today[key]))
    return [key, isSame ? today[key] : value]
  })
  return Object.fromEntries(entries)
}
