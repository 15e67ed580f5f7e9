import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '../database/client.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { changedMeanwhile, changedSince, revisionOf } from '../lib/revision.ts'
import type { Parameters } from './parameters.ts'

export const wordsOf = ({ name, description }: Pick<ParameterSet, 'name' | 'description'>) => ({
  name,
  description,
})

/** The version says which parameters it has. */
export function setRevision(set: ParameterSet): string {
  return `${set.version}.${revisionOf(wordsOf(set))}`
}

export async function refuseChangedSet(
  db: Queryable,
  set: ParameterSet,
  expected: string | null,
): Promise<void> {
  if (expected === null || expected === setRevision(set)) return
  const { version, words } = partsOf(expected)
  const before = version === set.version ? set.parameters : await parametersAt(db, set.id, version)
  const names = [...changedSince(wordsOf(set), words), ...changedNames(before, set.parameters)]
  if (names.length) throw changedMeanwhile(names)
}

export function partsOf(revision: string): { version: number; words: string } {
  const [version = '', words = ''] = revision.split('.')
  return { version: /^\d{1,9}$/.test(version) ? Number(version) : 0, words }
}

/** The parameters as they were at a revision; null if there was no such version. */
export async function parametersAt(db: Queryable, id: number, version: number): Promise<Parameters | null> {
  const where = { parameterSetId_version: { parameterSetId: id, version } }
  return ((await db.parameterSetVersion.findUnique({ where }))?.parameters ?? null) as Parameters | null
}

function changedNames(before: unknown, now: unknown): string[] {
  if (before === null) return ['parameters']
  const [old, current] = [before as Parameters, now as Parameters]
  const names = [...new Set([...Object.keys(old), ...Object.keys(current)])]
  return names.filter(name => !isDeepStrictEqual(old[name], current[name])).map(name => `parameters.${name}`)
}
