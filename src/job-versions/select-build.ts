import * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import { jobName } from '../builds/announcement.ts'
import { getBuild, latestBuild } from '../builds/builds.ts'
import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { SelectionReason } from '../generated/prisma/enums.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { invalid } from '../lib/errors.ts'
import { rowId } from '../lib/fields.ts'
import type { Actor } from '../lib/person.ts'
import { problem } from '../lib/validation.ts'
import { getJobVersion, type SelectedJob } from './job-versions.ts'

export const selectionInput = z.object({
  job_name: jobName,
  build_id: rowId('build_id'),
  auto_sync: z.boolean(problem('boolean')).optional(),
})

/** Selects the build to test. Restarts the auto-sync interval, so that the choice lasts at least that long. */
export async function selectBuild(
  { db }: Store,
  input: z.output<typeof selectionInput>,
  actor: Actor,
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

export async function syncJob({ db }: Store, jobName: string, actor: Actor): Promise<SelectedJob> {
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
  actor: Actor,
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

async function moveTo(
  tx: Transaction,
  build: Build,
  actor: Actor,
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
      data: { jobName: build.jobName, buildId: build.id, selectedBy: actor.email, reason },
    })
  }
  await announceChange(tx, { topic: 'job', id: build.jobName })
}
