import type { Queryable } from '../database/client.ts'
import type { Page, PageOf } from '../database/store.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { storable } from '../lib/text.ts'

/** Finds builds by job, path, user or number. Newest first. */
export async function searchBuilds(
  db: Queryable,
  search: string,
  { limit, offset }: Page,
): Promise<PageOf<Build>> {
  const contains = `%${storable(search).replace(/[\\%_]/g, '\\$&')}%`
  // The search scans the whole table, so count and page share one scan.
  const [found] = await db.$queryRaw<{ total: number; ids: number[] }[]>`
    WITH found AS MATERIALIZED (
      SELECT id, created_at FROM build_info
      WHERE search_text LIKE lower(${contains}) OR build_number = ${numberIn(search)}
    )
    SELECT (SELECT count(*)::int FROM found) AS total,
      ARRAY(SELECT id FROM found ORDER BY created_at DESC, id DESC LIMIT ${limit} OFFSET ${offset}) AS ids`
  const { total, ids } = found ?? { total: 0, ids: [] }
  const data = await db.build.findMany({
    where: { id: { in: ids } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })
  return { data, total, limit, offset }
}

/** Parses `101` and `#101`; returns -1, which no build has, for anything else. */
function numberIn(search: string): number {
  const number = Number(/^#?(\d{1,10})$/.exec(search)?.[1] ?? -1)
  return number <= 2_147_483_647 ? number : -1
}
