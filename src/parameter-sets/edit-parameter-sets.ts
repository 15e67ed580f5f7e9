import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import { lockRow, refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { invalid } from '../lib/errors.ts'
import { filledLine, paragraph } from '../lib/fields.ts'
import type { Actor } from '../lib/person.ts'
import { DEFAULT_SET, getParameterSet } from './parameter-sets.ts'
import { parameters } from './parameters.ts'

const name = filledLine(200)
const description = paragraph(2000)
export const newParameterSet = z.object({ name, description: description.default(''), parameters })

export const changedParameterSet = z.object({
  name: name.optional(),
  description: description.optional(),
  parameters: parameters.optional(),
})

export async function createParameterSet(
  { db }: Store,
  input: z.output<typeof newParameterSet>,
  actor: Actor,
): Promise<ParameterSet> {
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
  { db }: Store,
  id: number,
  input: z.output<typeof changedParameterSet>,
  actor: Actor,
): Promise<ParameterSet> {
  return refusingTaken('errors:parameter_set_exists', { name: input.name ?? '' }, () =>
    db.$transaction(async tx => {
      await lockRow(tx, 'parameter_sets', id)
      const before = await getParameterSet(tx, id)
      if (before.name === DEFAULT_SET && input.name !== undefined && input.name !== DEFAULT_SET) {
        throw invalid('errors:default_set_name')
      }
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
