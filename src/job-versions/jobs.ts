import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { conflict, notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { UNFINISHED } from '../lib/run-status.ts'

export function listItemsOfJob(db: Queryable, jobName: string): Promise<TestItem[]> {
  return db.testItem.findMany({ where: { jobName }, orderBy: { name: 'asc' } })
}

export async function listJobNames(db: Queryable): Promise<string[]> {
  const jobs = await db.jobVersion.findMany({ select: { jobName: true } })
  const collator = new Intl.Collator('en', { numeric: true })
  return jobs.map(job => job.jobName).sort(collator.compare)
}

export async function addJob({ db }: Store, jobName: string, actor: Actor): Promise<void> {
  await refusingTaken('errors:job_exists', { job: jobName }, () =>
    db.$transaction(async tx => {
      await tx.jobVersion.create({ data: { jobName } })
      await recordChange(tx, { actor, action: 'add job', subject: jobName })
      await announceChange(tx, { topic: 'job', id: jobName })
    }),
  )
}

export async function deleteJob({ db }: Store, jobName: string, actor: Actor): Promise<void> {
  await db.$transaction(async tx => {
    await tx.$queryRaw`SELECT id FROM build_info WHERE job_name = ${jobName} ORDER BY id FOR UPDATE`
    await refuseJobInUse(tx, jobName)
    const builds = await tx.build.deleteMany({ where: { jobName } })
    const job = await tx.jobVersion.deleteMany({ where: { jobName } })
    if (!job.count && !builds.count) throw notFound('errors:job_not_found', { job: jobName })
    await tx.jobVersionChange.deleteMany({ where: { jobName } })
    await recordChange(tx, {
      actor,
      action: 'delete job',
      subject: jobName,
      before: { builds: builds.count },
    })
    await announceChange(tx, { topic: 'job', id: jobName })
  })
}

export async function refuseJobInUse(tx: Queryable, jobName: string): Promise<void> {
  const run = await tx.run.findFirst({
    where: { jobName, status: { in: [...UNFINISHED] } },
    select: { id: true },
  })
  if (run) throw conflict('errors:job_in_use', { job: jobName, run: run.id })
}

export async function deleteJobVersion({ db }: Store, jobName: string, actor: Actor): Promise<void> {
  await db.$transaction(async tx => {
    await refuseJobInUse(tx, jobName)
    const { count } = await tx.jobVersion.deleteMany({ where: { jobName } })
    if (!count) throw notFound('errors:job_not_found', { job: jobName })
    await tx.jobVersionChange.deleteMany({ where: { jobName } })
    await recordChange(tx, { actor, action: 'delete job version', subject: jobName })
    await announceChange(tx, { topic: 'job', id: jobName })
  })
}
