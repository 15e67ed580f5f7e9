import type { Queryable } from '../database/client.ts'
import type { Page, PageOf } from '../database/store.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { storable } from '../lib/text.ts'

/** The builds whose job, path or user contains the text, or whose number it is, newest first. */
export async function searchBuilds(
  db: Queryable,
  search: string,
  { limit, offset }: Page,
): Promise<PageOf<Build>> {
  const contains = `%${storable(search).replace(/[\\%_]/g, '\\$&')}%`
  // Every build is looked at, so once for both answers.
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

/** `101` and `#101` name a build; -1 is none's number. */
function numberIn(search: string): number {
  const number = Number(/^#?(\d{1,10})$/.exec(search)?.[1] ?? -1)
  return number <= 2_147_483_647 ? number : -1
}
