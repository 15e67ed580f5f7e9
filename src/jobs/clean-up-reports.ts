import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { removeOldReports } from '../kept-reports/retention.ts'
import { getSettings } from '../settings/settings.ts'

const UPLOAD_MAX_AGE_MS = 3_600_000

export async function cleanUpReports({ db, reports, uploads, log }: Context): Promise<void> {
  const keep = await getSettings(db)
  const limits = { days: keep.keep_reports_days, gigabytes: keep.keep_reports_gb }
  const removed = await removeOldReports(db, reports.folder, limits)
  if (removed) log.info({ removed }, 'old reports removed')
  await removeLeftovers(uploads.folder)
}

/** Of uploads that a kill cut short. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > UPLOAD_MAX_AGE_MS) await rm(path, { force: true })
  }
}
