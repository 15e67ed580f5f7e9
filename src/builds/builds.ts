import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { conflict, notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { UNFINISHED } from '../lib/run-status.ts'

export async function getBuild(db: Queryable, id: number): Promise<Build> {
  const build = await db.build.findUnique({ where: { id } })
  if (!build) throw notFound('errors:build_not_found', { id })
  return build
}

export async function getBuildOfNumber(db: Queryable, jobName: string, buildNumber: number): Promise<Build> {
  const build = await db.build.findFirst({ where: { jobName, buildNumber }, orderBy: { id: 'desc' } })
  if (!build) throw notFound('errors:build_number_not_found', { job: jobName, number: buildNumber })
  return build
}

export async function latestBuild(db: Queryable, jobName: string): Promise<Build> {
  const build = await findLatestBuild(db, jobName)
  if (!build) throw notFound('errors:job_without_builds', { job: jobName })
  return build
}

export function findLatestBuild(db: Queryable, jobName: string): Promise<Build | null> {
  return db.build.findFirst({ where: { jobName }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] })
}

export const unused = { runs: { none: { status: { in: [...UNFINISHED] } } } }

export async function deleteBuild({ db }: Store, id: number, actor: Actor): Promise<Build> {
  return db.$transaction(async tx => {
    // The lock keeps a run from being triggered in between.
    await lockRow(tx, 'build_info', id)
    const build = await getBuild(tx, id)
    const { count } = await tx.build.deleteMany({ where: { id, ...unused } })
    if (!count) throw conflict('errors:build_in_use', { job: build.jobName, number: build.buildNumber })
    await recordChange(tx, {
      actor,
      action: 'delete build',
      subject: `${build.jobName} #${build.buildNumber}`,
    })
    await announceChange(tx, { topic: 'job', id: build.jobName })
    return build
  })
}
