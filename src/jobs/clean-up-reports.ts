import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { removeOldReports } from '../kept-reports/retention.ts'
import { removeOlder } from '../lib/remove-older.ts'
import { getSettings } from '../settings/settings.ts'

const LEFTOVER_AFTER_MS = 3_600_000

export async function cleanUpReports({ db, reports, uploads, log }: Context): Promise<void> {
  const keep = await getSettings(db)
  const limits = { days: keep.keep_reports_days, gigabytes: keep.keep_reports_gb }
  const removed = await removeOldReports(db, reports.folder, limits)
  if (removed) log.info({ removed }, 'old reports removed')
  await removeLeftovers(uploads.folder)
}

/** Of uploads and archives of reports that a kill cut short. */
async function removeLeftovers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) await removeOlder(join(folder, name), LEFTOVER_AFTER_MS)
}
