import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import { lockRow, refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { invalid } from '../lib/errors.ts'
import { filledLine, line, paragraph } from '../lib/fields.ts'
import type { Actor } from '../lib/person.ts'
import { protect } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'
import { DEFAULT_SET, getParameterSet } from './parameter-sets.ts'
import { type Parameters, parameters, sealedNames } from './parameters.ts'
import { sealInVersions } from './seal-parameter-sets.ts'
import { refuseChangedSet } from './set-revision.ts'

const name = filledLine(200)
const description = paragraph(2000)
/** Names of parameters whose values are secret, besides those whose name says so. */
const secretParameters = z.array(line(200)).max(200)
export const newParameterSet = z.object({
  name,
  description: description.default(''),
  parameters,
  secret_parameters: secretParameters.default([]),
})

export const changedParameterSet = z.object({
  name: name.optional(),
  description: description.optional(),
  parameters: parameters.optional(),
  secret_parameters: secretParameters.optional(),
})

type SealedStore = Store & { sealer: Sealer }

export async function createParameterSet(
  { db, sealer }: SealedStore,
  { secret_parameters: secretNames, ...given }: z.output<typeof newParameterSet>,
  actor: Actor,
): Promise<ParameterSet> {
  const input = { ...given, parameters: protectParameters(sealer, given.parameters, { secretNames }) }
  return refusingTaken('errors:parameter_set_exists', { name: input.name }, () =>
    db.$transaction(async tx => {
      const set = await tx.parameterSet.create({
        data: {
          ...input,
          versions: { create: { version: 1, parameters: input.parameters, changedBy: actor.email } },
        },
      })
      await recordChange(tx, {
        actor,
        action: 'create parameter set',
        subject: set.name,
        after: input.parameters,
      })
      return set
    }),
  )
}

/** Changed parameters create a new version; existing runs keep the parameters they were triggered with. */
export async function changeParameterSet(
  { db, sealer }: SealedStore,
  id: number,
  given: z.output<typeof changedParameterSet>,
  actor: Actor,
  expected: string | null = null,
): Promise<ParameterSet> {
  return refusingTaken('errors:parameter_set_exists', { name: given.name ?? '' }, () =>
    db.$transaction(async tx => {
      await lockRow(tx, 'parameter_sets', id)
      const before = await getParameterSet(tx, id)
      await refuseChangedSet(tx, before, expected)
      if (before.name === DEFAULT_SET && given.name !== undefined && given.name !== DEFAULT_SET) {
        throw invalid('errors:default_set_name')
      }
      const input = sealChange(sealer, given, before.parameters as Parameters)
      if (given.secret_parameters) await sealInVersions(tx, sealer, id, given.secret_parameters)
      await recordChange(tx, {
        actor,
        action: 'change parameter set',
        subject: before.name,
        before: { name: before.name, description: before.description, parameters: before.parameters },
        after: input,
      })
      const isSame = input.parameters === undefined || isDeepStrictEqual(input.parameters, before.parameters)
      if (isSame) return tx.parameterSet.update({ where: { id }, data: input })
      const version = before.version + 1
      await tx.parameterSetVersion.create({
        data: { parameterSetId: id, version, parameters: input.parameters ?? {}, changedBy: actor.email },
      })
      return tx.parameterSet.update({ where: { id }, data: { ...input, version } })
    }),
  )
}

/** Without `secret_parameters`, what was secret stays so. */
function sealChange(
  sealer: Sealer,
  { secret_parameters, ...given }: z.output<typeof changedParameterSet>,
  stored: Parameters,
): Omit<z.output<typeof changedParameterSet>, 'secret_parameters'> {
  if (!given.parameters && !secret_parameters) return given
  const secretNames = secret_parameters ?? sealedNames(stored)
  return {
    ...given,
    parameters: protectParameters(sealer, given.parameters ?? stored, { secretNames, stored }),
  }
}

function protectParameters(
  sealer: Sealer,
  input: Parameters,
  options: { secretNames: string[]; stored?: Parameters },
): Parameters {
  return protect(sealer, input, { ...options, path: 'parameters' })
}

export async function deleteParameterSet({ db }: Store, id: number, actor: Actor): Promise<ParameterSet> {
  return db.$transaction(async tx => {
    const set = await getParameterSet(tx, id)
    if (set.name === DEFAULT_SET) throw invalid('errors:default_set_delete')
    await tx.parameterSet.delete({ where: { id } })
    await recordChange(tx, {
      actor,
      action: 'delete parameter set',
      subject: set.name,
      before: set.parameters ?? {},
    })
    return set
  })
}
