import { z } from 'zod'
import { recordChange } from '../audit/audit.ts'
import { getBuild, jobName, latestBuild } from '../builds/builds.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import { announceChange, LIVE_CHANNEL } from '../database/live.ts'
import type { Page, PageOf, Store } from '../database/store.ts'
import type { SelectionReason } from '../generated/prisma/enums.ts'
import type {
  BuildModel as Build,
  JobVersionModel as JobVersion,
  JobVersionChangeModel as JobVersionChange,
} from '../generated/prisma/models.ts'
import { invalid, notFound } from '../lib/errors.ts'
import { rowId } from '../lib/fields.ts'
import { problem } from '../lib/validation.ts'

export type SelectedJob = JobVersion & { selectedBuild: Build | null }
export type Selection = JobVersionChange & { build: Build | null }

export const selectionInput = z.object({
  job_name: jobName,
  build_id: rowId('build_id'),
  auto_sync: z.boolean(problem('boolean')).optional(),
})

export function listJobVersions(db: Queryable): Promise<SelectedJob[]> {
  return db.jobVersion.findMany({ include: { selectedBuild: true }, orderBy: { jobName: 'asc' } })
}

export function findJobVersion(db: Queryable, jobName: string): Promise<SelectedJob | null> {
  return db.jobVersion.findUnique({ where: { jobName }, include: { selectedBuild: true } })
}

export async function getJobVersion(db: Queryable, jobName: string): Promise<SelectedJob> {
  const job = await findJobVersion(db, jobName)
  if (!job) throw notFound('errors:job_not_found', { job: jobName })
  return job
}

export async function listSelections(db: Queryable, jobName: string, page: Page): Promise<PageOf<Selection>> {
  await getJobVersion(db, jobName)
  const [data, total] = await Promise.all([
    db.jobVersionChange.findMany({
      where: { jobName },
      include: { build: true },
      orderBy: { id: 'desc' },
      take: page.limit,
      skip: page.offset,
    }),
    db.jobVersionChange.count({ where: { jobName } }),
  ])
  return { data, total, ...page }
}

/** Someone chose the build to test: it holds for at least one interval of the auto-sync. */
export async function selectBuild(
  { db }: Store,
  input: z.output<typeof selectionInput>,
  actor: string,
): Promise<SelectedJob> {
  return db.$transaction(async tx => {
    const before = await getJobVersion(tx, input.job_name)
    const build = await getBuild(tx, input.build_id)
    if (build.jobName !== input.job_name) {
      throw invalid('errors:build_of_other_job', { id: build.id, job: input.job_name, other: build.jobName })
    }
    await moveByHand(tx, before, build, actor, input.auto_sync)
    return getJobVersion(tx, input.job_name)
  })
}

/** To the newest build, now. */
export async function syncJob({ db }: Store, jobName: string, actor: string): Promise<SelectedJob> {
  return db.$transaction(async tx => {
    const before = await getJobVersion(tx, jobName)
    await moveByHand(tx, before, await latestBuild(tx, jobName), actor)
    return getJobVersion(tx, jobName)
  })
}

async function moveByHand(
  tx: Transaction,
  before: SelectedJob,
  build: Build,
  actor: string,
  autoSyncEnabled?: boolean,
): Promise<void> {
  await moveTo(tx, build, actor, 'manual', autoSyncEnabled)
  await recordChange(tx, {
    actor,
    action: 'select build',
    subject: `${build.jobName} #${build.buildNumber}`,
    before: { build_number: before.selectedBuild?.buildNumber ?? null },
    after: { build_number: build.buildNumber },
  })
}

export async function setAutoSync(
  { db }: Store,
  jobName: string,
  enabled: boolean,
  actor: string,
): Promise<void> {
  await db.$transaction(async tx => {
    const before = await getJobVersion(tx, jobName)
    await tx.jobVersion.update({ where: { jobName }, data: { autoSyncEnabled: enabled } })
    await recordChange(tx, {
      actor,
      action: 'set auto-sync',
      subject: jobName,
      before: { auto_sync: before.autoSyncEnabled },
      after: { auto_sync: enabled },
    })
    await announceChange(tx, { topic: 'job', id: jobName })
  })
}

/**
 * Moves every job that is due to its newest build; says how many were due. All in one statement, because someone who
 * opens a page waits for it. Safe from several processes at once: who comes second finds a job no longer due.
 */
export async function autoSync({ db }: Store, intervalHours: number, actor = 'auto-sync'): Promise<number> {
  const dueBefore = new Date(Date.now() - intervalHours * 3_600_000)
  const synced = await db.$queryRaw<unknown[]>`
    WITH due AS (
      SELECT id, job_name, selected_build_id FROM job_version_selections
      WHERE auto_sync_enabled AND last_sync_time <= ${dueBefore}
      ORDER BY id FOR UPDATE
    ), newest AS (
      SELECT due.*, coalesce(build.id, due.selected_build_id) AS build_id
      FROM due LEFT JOIN LATERAL (
        SELECT id FROM build_info WHERE job_name = due.job_name ORDER BY created_at DESC, id DESC LIMIT 1
      ) AS build ON true
    ), moved AS (
      UPDATE job_version_selections AS job
      SET selected_build_id = newest.build_id, last_sync_time = now(), updated_at = now()
      FROM newest WHERE job.id = newest.id
    ), noted AS (
      INSERT INTO job_version_history (job_name, build_id, selected_by, reason)
      SELECT job_name, build_id, ${actor}, 'auto' FROM newest WHERE build_id IS DISTINCT FROM selected_build_id
    )
    SELECT pg_notify(${LIVE_CHANNEL}, json_build_object('topic', 'job', 'id', job_name)::text)::text FROM newest`
  return synced.length
}

async function moveTo(
  tx: Transaction,
  build: Build,
  actor: string,
  reason: SelectionReason,
  autoSyncEnabled?: boolean,
): Promise<void> {
  const { count } = await tx.jobVersion.updateMany({
    where: {
      jobName: build.jobName,
      OR: [{ selectedBuildId: null }, { selectedBuildId: { not: build.id } }],
    },
    data: { selectedBuildId: build.id },
  })
  await tx.jobVersion.update({
    where: { jobName: build.jobName },
    data: { lastSyncTime: new Date(), autoSyncEnabled },
  })
  if (count) {
    await tx.jobVersionChange.create({
      data: { jobName: build.jobName, buildId: build.id, selectedBy: actor, reason },
    })
  }
  await announceChange(tx, { topic: 'job', id: build.jobName })
}
