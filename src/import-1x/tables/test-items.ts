import type { Import } from '../context.ts'
import type { OldRow, OldTable } from '../source.ts'
import { announce, findMapped, findNewIds, idFor, keepable, type Mapped, remember } from '../target.ts'
import { textIn, timeIn } from '../values.ts'
import { nameProblem } from './names.ts'

const TABLE = 'test_items'

export const OLD_TEST_ITEMS: OldTable = {
  ...{ name: TABLE, key: 'id', batch: 200 },
  columns: [
    ...['id', 'name', 'description', 'associated_job_name', 'associated_parameter_set_id'],
    ...['notification_enabled', 'created_at', 'updated_at'],
  ],
}

export async function importTestItems(all: Import, rows: OldRow[]): Promise<void> {
  const mapped = await findMapped(
    all.target,
    TABLE,
    rows.map(row => row.id ?? null),
  )
  const sets = await findNewIds(
    all.target,
    'parameter_sets',
    rows.map(row => row.associated_parameter_set_id ?? null),
  )
  for (const row of rows) {
    const before = mapped.get(row.id ?? '')
    if (before?.fingerprint === row.fingerprint) all.journal.countsOf(TABLE).unchanged += 1
    else await importItem(all, row, before, sets.get(row.associated_parameter_set_id ?? '') ?? null)
  }
}

async function importItem(
  all: Import,
  row: OldRow,
  before: Mapped | undefined,
  setId: number | null,
): Promise<void> {
  const { target, journal } = all
  const counts = journal.countsOf(TABLE)
  const wrong = nameProblem(row.name, 200)
  if (wrong) return journal.refuse(TABLE, row.id ?? null, wrong)
  if (row.associated_parameter_set_id && setId === null)
    journal.adjust(
      TABLE,
      row.id ?? null,
      `its parameter set ${row.associated_parameter_set_id} is not here: without one`,
    )
  const values = valuesOf(row, setId)
  const written = before ? await update(all, row, before, values) : await insert(all, row, values)
  if (!written) return
  const isMerged = !before && !written.isNew
  const { fingerprint } = row
  await remember(target, TABLE, [{ oldId: row.id ?? '', newId: written.id, fingerprint, isMerged }])
  await announce(target, 'item', written.id)
  if (before) counts.updated += 1
  else if (isMerged) counts.merged += 1
  else counts.taken += 1
}

function valuesOf(row: OldRow, setId: number | null) {
  const createdAt = timeIn(row.created_at) ?? new Date()
  return [
    ...[row.name?.trim(), textIn(row.description) ?? '', textIn(row.associated_job_name?.trim()), setId],
    ...[row.notification_enabled === 'true', createdAt, timeIn(row.updated_at) ?? createdAt],
  ]
}

interface Written {
  id: number
  isNew: boolean
}

/** An item of that name which is here already stays as it is. */
async function insert({ target }: Import, row: OldRow, values: unknown[]): Promise<Written | null> {
  const { rows } = await target.client.query<Written>(
    `WITH added AS (
       INSERT INTO ${TABLE} (id, name, description, associated_job_name, associated_parameter_set_id,
         notification_enabled, created_at, updated_at)
       SELECT ${idFor(TABLE, '$8::int')}, $1, $2, $3, $4::int, $5, $6, least($7, now()) ON CONFLICT (name) DO NOTHING RETURNING id
     )
     SELECT id, true AS "isNew" FROM added UNION ALL SELECT id, false FROM ${TABLE} WHERE name = $1`,
    [...values, keepable(row.id ?? null)],
  )
  return rows[0] ?? null
}

async function update(all: Import, row: OldRow, before: Mapped, values: unknown[]): Promise<Written | null> {
  const { rows } = await all.target.client.query<Written>(
    `UPDATE ${TABLE} SET name = $1, description = $2, associated_job_name = $3, associated_parameter_set_id = $4,
       notification_enabled = $5, created_at = $6, updated_at = least($7, now())
     WHERE id = $8 AND updated_at <= $9 AND NOT EXISTS (SELECT FROM ${TABLE} WHERE name = $1 AND id <> $8)
     RETURNING id, false AS "isNew"`,
    [...values, before.newId, before.importedAt],
  )
  if (rows[0]) return rows[0]
  all.journal.refuse(
    TABLE,
    row.id ?? null,
    'it was made, changed or deleted in CRAT 2 as well, or its new name is taken: that stays',
  )
  return null
}
