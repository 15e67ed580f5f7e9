import { isDeepStrictEqual } from 'node:util'
import { protect } from '../../lib/protect.ts'
import { storable } from '../../lib/text.ts'
import { DEFAULT_PARAMETERS } from '../../parameter-sets/parameters.ts'
import { IMPORTER, type Import } from '../context.ts'
import type { OldRow, OldTable } from '../source.ts'
import { findMapped, idFor, keepable, type Mapped, remember } from '../target.ts'
import { isObject, jsonIn, textIn, timeIn } from '../values.ts'
import { nameProblem } from './names.ts'

export const OLD_PARAMETER_SETS: OldTable = {
  ...{ name: 'parameter_sets', key: 'id', batch: 200 },
  columns: ['id', 'name', 'description', 'parameters', 'created_at', 'updated_at'],
}

interface NewSet {
  oldId: string
  name: string
  description: string
  parameters: object
  createdAt: Date
  updatedAt: Date
  fingerprint: string
}

export async function importParameterSets(all: Import, rows: OldRow[]): Promise<void> {
  const mapped = await findMapped(
    all.target,
    'parameter_sets',
    rows.map(row => row.id ?? null),
  )
  for (const row of rows) {
    const before = mapped.get(row.id ?? '')
    if (before?.fingerprint === row.fingerprint) all.journal.countsOf('parameter_sets').unchanged += 1
    else await importSet(all, row, before)
  }
}

async function importSet(all: Import, row: OldRow, before: Mapped | undefined): Promise<void> {
  const set = convert(all, row)
  if (typeof set === 'string') return all.journal.refuse('parameter_sets', row.id ?? null, set)
  const counts = all.journal.countsOf('parameter_sets')
  if (before) return updateSet(all, set, before)
  const taken = await findByName(all, set.name)
  if (taken?.isSeeded) await changeSet(all, set, taken.id)
  const newId = taken?.id ?? (await insertSet(all, set))
  const isMerged = taken !== null && !taken.isSeeded
  await remember(all.target, 'parameter_sets', [{ ...set, newId, isMerged }])
  if (isMerged) counts.merged += 1
  else counts.taken += 1
}

function convert({ sealer }: Import, row: OldRow): NewSet | string {
  const wrong = nameProblem(row.name, 200)
  if (wrong) return wrong
  const parameters = jsonIn(row.parameters)
  if (!isObject(parameters)) return 'its parameters are no JSON object'
  const createdAt = timeIn(row.created_at) ?? new Date()
  try {
    return {
      ...{ oldId: row.id ?? '', name: row.name ?? '', description: textIn(row.description) ?? '' },
      parameters: protect(sealer, storable(parameters), { path: 'parameters' }),
      ...{ createdAt, updatedAt: timeIn(row.updated_at) ?? createdAt, fingerprint: row.fingerprint },
    }
  } catch (error) {
    return (error as Error).message
  }
}

/** `isSeeded`: nobody has changed it since CRAT made it. */
async function findByName(
  { target }: Import,
  name: string,
): Promise<{ id: number; isSeeded: boolean } | null> {
  const { rows } = await target.client.query<{
    id: number
    version: number
    parameters: unknown
    changed_by: string
  }>(
    `SELECT parameter_set.id, parameter_set.version, parameter_set.parameters, first.changed_by
     FROM parameter_sets AS parameter_set
     LEFT JOIN parameter_set_versions AS first ON parameter_set_id = parameter_set.id AND first.version = 1
     WHERE name = $1 FOR UPDATE OF parameter_set`,
    [name],
  )
  const [set] = rows
  if (!set) return null
  const isSeeded =
    set.version === 1 &&
    set.changed_by === 'crat' &&
    isDeepStrictEqual(set.parameters, { ...DEFAULT_PARAMETERS })
  return { id: set.id, isSeeded }
}

async function insertSet({ target }: Import, set: NewSet): Promise<number> {
  const { rows } = await target.client.query<{ id: number }>(
    `INSERT INTO parameter_sets (id, name, description, parameters, created_at, updated_at)
     SELECT ${idFor('parameter_sets', '$1::int')}, $2, $3, $4::jsonb, $5, least($6, now()) RETURNING id`,
    [
      keepable(set.oldId),
      set.name,
      set.description,
      JSON.stringify(set.parameters),
      set.createdAt,
      set.updatedAt,
    ],
  )
  const id = rows[0]?.id ?? 0
  await addVersion({ target }, id, set)
  return id
}

async function addVersion({ target }: Pick<Import, 'target'>, id: number, set: NewSet): Promise<void> {
  await target.client.query(
    `INSERT INTO parameter_set_versions (parameter_set_id, version, parameters, changed_by, created_at)
     SELECT id, version, parameters, $2, $3 FROM parameter_sets WHERE id = $1`,
    [id, IMPORTER, set.updatedAt],
  )
}

async function updateSet(all: Import, set: NewSet, before: Mapped): Promise<void> {
  const { rows } = await all.target.client.query<{ changed: boolean; parameters: object }>(
    'SELECT updated_at > $2 AS changed, parameters FROM parameter_sets WHERE id = $1 FOR UPDATE',
    [before.newId, before.importedAt],
  )
  const [now] = rows
  if (!now) return all.journal.refuse('parameter_sets', set.oldId, 'it was deleted in CRAT 2')
  if (now.changed) {
    return all.journal.refuse(
      'parameter_sets',
      set.oldId,
      'it was made or changed in CRAT 2 as well, which stays',
    )
  }
  await changeSet(all, set, before.newId)
  await remember(all.target, 'parameter_sets', [{ ...set, newId: before.newId }])
  all.journal.countsOf('parameter_sets').updated += 1
}

async function changeSet({ target, sealer }: Import, set: NewSet, id: number): Promise<void> {
  const { rows } = await target.client.query<{ parameters: unknown }>(
    'SELECT parameters FROM parameter_sets WHERE id = $1',
    [id],
  )
  const isSame = isDeepStrictEqual(opened(sealer, rows[0]?.parameters), opened(sealer, set.parameters))
  await target.client.query(
    `UPDATE parameter_sets SET description = $2, parameters = $3::jsonb, updated_at = least($4, now()),
       version = version + $5 WHERE id = $1`,
    [id, set.description, JSON.stringify(set.parameters), set.updatedAt, isSame ? 0 : 1],
  )
  if (!isSame) await addVersion({ target }, id, set)
}

const opened = (sealer: Import['sealer'], value: unknown) =>
  sealer.canOpen(value) ? sealer.open(value) : value
