import { removeOldChanges } from '../audit/audit.ts'
import { removeOldBuilds } from '../builds/retention.ts'
import type { Context } from '../context.ts'
import { removeOldDeliveries } from '../notifications/outbox.ts'
import { removeOldRuns } from '../runs/retention.ts'
import { shortenOldLogs } from '../runs/run-log.ts'
import { getSettings } from '../settings/settings.ts'

export async function cleanUpHistory({ db, log }: Context): Promise<void> {
  const keep = await getSettings(db)
  const removed = {
    runs: await removeOldRuns(db, { days: keep.keep_runs_days, most: keep.keep_runs_per_item }),
    logs: await shortenOldLogs(db, { days: keep.keep_logs_days }),
    builds: await removeOldBuilds(db, { days: keep.keep_builds_days, most: keep.keep_builds_per_job }),
    mails: await removeOldDeliveries(db, { days: keep.keep_mails_days, most: keep.keep_mails }),
    changes: await removeOldChanges(db, { days: keep.keep_audit_days, most: keep.keep_audit_entries }),
  }
  if (Object.values(removed).some(count => count > 0)) log.info(removed, 'old history removed')
}
