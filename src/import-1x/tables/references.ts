import type { Import } from '../context.ts'
import type { OldRow } from '../source.ts'
import { findNewIds } from '../target.ts'

interface Item {
  id: number
  name: string
  setId: number | null
}

interface ParameterSet {
  id: number
  parameters: object
}

/** What the runs of a batch refer to, by the ids of 1.x. */
export interface References {
  items: Map<string, Item>
  builds: Map<string, number>
  /** What 1.x would have sent: the set of the run, of its item, or `default`. */
  setOf(row: OldRow, item: Item): ParameterSet | null
  packageBaseUrl: string
}

export async function findReferences({ target }: Import, rows: OldRow[]): Promise<References> {
  const idsOf = (column: string) => [...new Set(rows.map(row => row[column] ?? null))]
  const itemIds = await findNewIds(target, 'test_items', idsOf('test_item_id'))
  const setIds = await findNewIds(target, 'parameter_sets', idsOf('parameter_set_id'))
  const builds = await findNewIds(target, 'build_info', idsOf('build_info_id'))
  const items = await readItems(target, [...itemIds.values()])
  const sets = await readSets(target, [
    ...setIds.values(),
    ...[...items.values()].flatMap(item => item.setId ?? []),
  ])
  const find = (id: number | null | undefined) => (id ? sets.byId.get(id) : undefined)
  return {
    items: new Map(
      [...itemIds].flatMap(([oldId, id]) => (items.has(id) ? [[oldId, items.get(id) as Item]] : [])),
    ),
    builds,
    setOf: (row, item) =>
      find(setIds.get(row.parameter_set_id ?? '')) ?? find(item.setId) ?? sets.standard ?? null,
    packageBaseUrl: await readPackageBaseUrl(target),
  }
}

async function readItems({ client }: Import['target'], ids: number[]): Promise<Map<number, Item>> {
  const { rows } = await client.query<Item>(
    'SELECT id, name, associated_parameter_set_id AS "setId" FROM test_items WHERE id = ANY($1)',
    [ids],
  )
  return new Map(rows.map(row => [row.id, row]))
}

async function readSets({ client }: Import['target'], ids: number[]) {
  const { rows } = await client.query<ParameterSet & { name: string }>(
    `SELECT id, name, parameters FROM parameter_sets WHERE id = ANY($1) OR name = 'default'`,
    [ids],
  )
  return { byId: new Map(rows.map(row => [row.id, row])), standard: rows.find(row => row.name === 'default') }
}

async function readPackageBaseUrl({ client }: Import['target']): Promise<string> {
  const { rows } = await client.query<{ value: string }>(
    `SELECT value #>> '{}' AS value FROM system_settings WHERE key = 'package_download_base_url'`,
  )
  return rows[0]?.value ?? ''
}
