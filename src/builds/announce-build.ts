import type { z } from 'zod'
import { isLostRace, type Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { storable } from '../lib/text.ts'
import type { announcement } from './announcement.ts'

/** Stores a build and selects it if it is the job's first. Repeating an announcement returns `created` false. */
export async function announceBuild(
  store: Store,
  build: z.output<typeof announcement>,
  rawData: object,
  receivedAt = new Date(),
): Promise<{ build: Build; created: boolean }> {
  try {
    return await storeBuild(store, build, rawData, receivedAt)
  } catch (error) {
    // The job was deleted concurrently; a second attempt creates it again.
    if (!isLostRace(error)) throw error
    return storeBuild(store, build, rawData, receivedAt)
  }
}

async function storeBuild(
  { db }: Store,
  build: z.output<typeof announcement>,
  rawData: object,
  receivedAt: Date,
): Promise<{ build: Build; created: boolean }> {
  const identity = {
    jobName: build.JOB_NAME,
    buildNumber: build.BUILD_NUMBER,
    packagePath: build.PACKAGE_PATH,
  }
  return db.$transaction(async tx => {
    const { count } = await tx.build.createMany({
      data: { ...identity, buildUser: build.BUILD_USER, rawData: storable(rawData), createdAt: receivedAt },
      skipDuplicates: true,
    })
    const row = await tx.build.findUniqueOrThrow({ where: { jobName_buildNumber_packagePath: identity } })
    await selectFirstBuild(tx, row)
    await announceChange(tx, { topic: 'job', id: row.jobName })
    return { build: row, created: count === 1 }
  })
}

async function selectFirstBuild(tx: Transaction, build: Build): Promise<void> {
  await tx.jobVersion.createMany({ data: { jobName: build.jobName }, skipDuplicates: true })
  const { count } = await tx.jobVersion.updateMany({
    where: { jobName: build.jobName, selectedBuildId: null, autoSyncEnabled: true },
    data: { selectedBuildId: build.id, lastSyncTime: new Date() },
  })
  if (!count) return
  await tx.jobVersionChange.create({
    data: { jobName: build.jobName, buildId: build.id, selectedBy: build.buildUser, reason: 'first' },
  })
}
