import type { Database } from '../database/client.ts'
import { removeReportFolder, removeUnknownFolders } from './report-folders.ts'

const AT_ONCE = 500

/** Removes reports that are older than `days`, and the oldest beyond `gigabytes`. Returns how many. */
export async function removeOldReports(
  db: Database,
  root: string,
  { days, gigabytes }: { days: number; gigabytes: number },
): Promise<number> {
  const old = await db.$queryRaw<{ runId: number; folder: string }[]>`
    SELECT run_id AS "runId", folder FROM (
      SELECT run_id, folder, kept_at, sum(bytes) OVER (ORDER BY kept_at DESC, run_id DESC) AS bytes_so_far
      FROM report_archives WHERE state = 'kept'
    ) AS report
    WHERE kept_at < now() - ${days} * interval '1 day' OR bytes_so_far > ${gigabytes * 1000 ** 3}
    ORDER BY kept_at LIMIT ${AT_ONCE}`
  for (const { runId, folder } of old) {
    // The row first: what nothing refers to is removed another time where this is interrupted.
    await db.reportArchive.deleteMany({ where: { runId, folder } })
    await removeReportFolder(root, folder)
  }
  const unknown = await removeUnknownFolders(root, async folders => {
    const rows = await db.reportArchive.findMany({
      where: { folder: { in: folders } },
      select: { folder: true },
    })
    return new Set(rows.flatMap(({ folder }) => folder ?? []))
  })
  return old.length + unknown
}
