import { hostname } from 'node:os'
import cron, { type ScheduledTask } from 'node-cron'
import type { Context } from '../context.ts'
import type { Database } from '../database/client.ts'
import { checkEnvironments } from './check-environments.ts'
import { cleanUpHistory } from './clean-up-history.ts'
import { cleanUpPackages } from './clean-up-packages.ts'
import { cleanUpReports } from './clean-up-reports.ts'
import { cleanUpScriptBundles } from './clean-up-script-bundles.ts'
import { cleanUpSessions } from './clean-up-sessions.ts'
import { countEarlierTests } from './count-earlier-tests.ts'
import { createMissingIndexes } from './create-indexes.ts'
import { endOverdue } from './end-overdue-runs.ts'
import { evaluateAlerts } from './evaluate-alerts.ts'
import { FILL_RUN_TRIGGERS, fillRunTriggers } from './fill-run-triggers.ts'
import { notifyOfLongWaits } from './notify-queued-long.ts'
import { queueMails } from './queue-mails.ts'
import { sendWeeklyDigests } from './send-digests.ts'
import { syncJobs } from './sync-jobs.ts'
import { triggerMissedBuilds } from './trigger-builds.ts'
import { triggerScheduled } from './trigger-scheduled.ts'

type Entry = [name: string, job: (ctx: Context) => Promise<void>]

/** Each entry is run by one process only, whatever the number of processes. */
const EVERY_MINUTE: Entry[] = [
  ['sync jobs', syncJobs],
  ['queue mails', queueMails],
  ['end overdue runs', endOverdue],
  ['notify of long waits', notifyOfLongWaits],
  ['evaluate alerts', evaluateAlerts],
  ['send digests', sendWeeklyDigests],
  ['check environments', checkEnvironments],
  ['trigger builds', triggerMissedBuilds],
  ['trigger scheduled', triggerScheduled],
  ['create indexes', createMissingIndexes],
  ['count earlier tests', countEarlierTests],
]

const CLEAN_UPS: Entry[] = [
  ['clean up sessions', cleanUpSessions],
  ['clean up history', cleanUpHistory],
  [FILL_RUN_TRIGGERS, fillRunTriggers],
  // Each host has folders of its own.
  [`clean up packages of ${hostname()}`, cleanUpPackages],
  [`clean up reports of ${hostname()}`, cleanUpReports],
  [`clean up script bundles of ${hostname()}`, cleanUpScriptBundles],
]

export function startTimetable(ctx: Context): () => Promise<void> {
  const tasks = [
    ...EVERY_MINUTE.map(entry => schedule(ctx, '* * * * *', entry)),
    ...CLEAN_UPS.map(entry => schedule(ctx, ctx.config.cleanUpSchedule, entry)),
  ]
  return async () => {
    await Promise.all(tasks.map(task => task.destroy()))
  }
}

function schedule(ctx: Context, when: string, [name, job]: Entry): ScheduledTask {
  return cron.schedule(when, () => runJob(ctx, name, job), { name, noOverlap: true })
}

export async function runJob(
  ctx: Context,
  name: string,
  job: (ctx: Context) => Promise<void>,
): Promise<void> {
  try {
    if (await takeEntry(ctx.db, name)) await job(ctx)
  } catch (error) {
    ctx.log.error({ job: name, err: error }, 'a job of the timetable failed')
  }
}

async function takeEntry(db: Database, name: string): Promise<boolean> {
  const taken = await db.$executeRaw`
    INSERT INTO timetable AS entry (name, taken_for) VALUES (${name}, date_trunc('minute', now()))
    ON CONFLICT (name) DO UPDATE SET taken_for = EXCLUDED.taken_for WHERE entry.taken_for < EXCLUDED.taken_for`
  return taken === 1
}
