import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '../database/client.ts'
import { protect, reseal } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'
import { type Parameters, sealedNames } from './parameters.ts'

/** Seals the values of these parameters in all versions of a set: they were marked as secret later. */
export async function sealInVersions(
  tx: Queryable,
  sealer: Sealer,
  id: number,
  secretNames: string[],
): Promise<void> {
  for (const { id: versionId, parameters: stored } of await versionsWithPlain(tx, id, secretNames)) {
    const names = [...secretNames, ...sealedNames(stored)]
    const parameters = protect(sealer, stored, { stored, secretNames: names })
    await tx.parameterSetVersion.update({ where: { id: versionId }, data: { parameters } })
  }
}

interface Stored {
  id: number
  parameters: Parameters
}

function versionsWithPlain(tx: Queryable, id: number, names: string[]): Promise<Stored[]> {
  return tx.$queryRaw<Stored[]>`
    SELECT id, parameters FROM parameter_set_versions
    WHERE parameter_set_id = ${id} AND EXISTS (
      SELECT FROM jsonb_each(parameters) AS parameter (name, value)
      WHERE name = ANY(${names}) AND value #>> '{}' NOT LIKE 'sealed.v1.%'
    )`
}

const BATCH = 200

/** At the start: what earlier versions of CRAT stored, and what was sealed with a previous secret. */
export async function sealParameterSets(db: Database, sealer: Sealer): Promise<void> {
  for (const table of [db.parameterSet, db.parameterSetVersion] as const)
    await sealTable(table as typeof db.parameterSet, sealer)
}

async function sealTable(table: Database['parameterSet'], sealer: Sealer): Promise<void> {
  const find = (after: number) =>
    table.findMany({
      ...{ select: { id: true, parameters: true }, where: { id: { gt: after } } },
      ...{ orderBy: { id: 'asc' }, take: BATCH },
    })
  for (let rows = await find(0); rows.length; rows = await find(rows.at(-1)?.id ?? 0)) {
    for (const row of rows) await sealRow(table, sealer, row as Stored)
  }
}

async function sealRow(
  table: Database['parameterSet'],
  sealer: Sealer,
  { id, parameters: stored }: Stored,
): Promise<void> {
  const parameters = reseal(sealer, stored, sealedNames(stored))
  if (isDeepStrictEqual(parameters, stored)) return
  // Unless it was changed meanwhile, in another process.
  await table.updateMany({ where: { id, parameters: { equals: stored } }, data: { parameters } })
}
