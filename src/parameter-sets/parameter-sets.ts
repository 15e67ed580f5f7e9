import type { Queryable } from '../database/client.ts'
import { type Page, type PageOf, readPage, slicePage } from '../database/paging.ts'
import type {
  ParameterSetModel as ParameterSet,
  ParameterSetVersionModel as ParameterSetVersion,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'

/** Used where neither the trigger nor the test item names a set. Always exists. */
export const DEFAULT_SET = 'default'

export async function listParameterSets(db: Queryable): Promise<ParameterSet[]> {
  return defaultFirst(await db.parameterSet.findMany({ orderBy: { name: 'asc' } }))
}

export type NamedSet = Pick<ParameterSet, 'id' | 'name' | 'description'>

/** Without their parameters, which may be large. */
export async function listNamedSets(db: Queryable): Promise<NamedSet[]> {
  const select = { id: true, name: true, description: true } as const
  return defaultFirst(await db.parameterSet.findMany({ select, orderBy: { name: 'asc' } }))
}

function defaultFirst<T extends { name: string }>(sets: T[]): T[] {
  return sets.sort((a, b) => Number(b.name === DEFAULT_SET) - Number(a.name === DEFAULT_SET))
}

export async function searchParameterSets(
  db: Queryable,
  { search, ...page }: Page & { search?: string },
): Promise<PageOf<ParameterSet>> {
  const named = await listNamedSets(db)
  const found = slicePage(search ? named.filter(set => mentions(set, search)) : named, page)
  const ids = found.data.map(({ id }) => id)
  const sets = await db.parameterSet.findMany({ where: { id: { in: ids } } })
  return { ...found, data: sets.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)) }
}

function mentions({ name, description }: NamedSet, search: string): boolean {
  return `${name}\n${description}`.toLowerCase().includes(search.toLowerCase())
}

export async function getParameterSet(db: Queryable, id: number): Promise<ParameterSet> {
  const set = await db.parameterSet.findUnique({ where: { id } })
  if (!set) throw notFound('errors:parameter_set_not_found', { id })
  return set
}

export async function getDefaultParameterSet(db: Queryable): Promise<ParameterSet> {
  return db.parameterSet.findUniqueOrThrow({ where: { name: DEFAULT_SET } })
}

/** Lists the test items whose runs use this set. `default` includes those without a set. */
export function listItemsUsing(db: Queryable, set: ParameterSet): Promise<TestItem[]> {
  const named = { parameterSetId: set.id }
  const where = set.name === DEFAULT_SET ? { OR: [named, { parameterSetId: null }] } : named
  return db.testItem.findMany({ where, orderBy: { name: 'asc' } })
}

export async function countUses(db: Queryable): Promise<Map<number, number>> {
  const { id: defaultId } = await getDefaultParameterSet(db)
  const counts = await db.testItem.groupBy({ by: ['parameterSetId'], _count: true })
  const uses = new Map<number, number>()
  for (const { parameterSetId, _count } of counts) {
    const id = parameterSetId ?? defaultId
    uses.set(id, (uses.get(id) ?? 0) + _count)
  }
  return uses
}

export async function listParameterSetVersions(
  db: Queryable,
  id: number,
  page: Page,
): Promise<PageOf<ParameterSetVersion>> {
  await getParameterSet(db, id)
  const where = { parameterSetId: id }
  return readPage(page, {
    find: window =>
      db.parameterSetVersion.findMany({
        where,
        orderBy: { version: 'desc' },
        ...window,
      }),
    count: most => db.parameterSetVersion.count({ where, ...most }),
  })
}

export async function findVersionAndBefore(
  db: Queryable,
  parameterSetId: number,
  version: number,
): Promise<[ParameterSetVersion, ParameterSetVersion | undefined]> {
  const [found, before] = await db.parameterSetVersion.findMany({
    where: { parameterSetId, version: { lte: version } },
    orderBy: { version: 'desc' },
    take: 2,
  })
  if (found?.version !== version) throw notFound('errors:parameter_set_not_found', { id: parameterSetId })
  return [found, before]
}
