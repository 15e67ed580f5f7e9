import { z } from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow } from '../database/rows.ts'
import type { Page, PageOf, Store } from '../database/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { conflict, notFound } from '../lib/errors.ts'
import { line, rowId } from '../lib/fields.ts'
import { UNFINISHED } from '../lib/run-status.ts'
import { hasControlCharacter, storable } from '../lib/text.ts'
import { problem } from '../lib/validation.ts'
import type { NewBuild } from './store-builds.ts'

/** A job's name, as Jenkins says it: folders are parted by `/`. */
export const jobName = line(255).min(1, problem('empty'))

const packagePath = z
  .string(problem('package_path'))
  .trim()
  .min(1, problem('empty'))
  // Bytes, because job, number and path stand in one index entry.
  .refine(path => Buffer.byteLength(path) <= 1500, problem('too_many_bytes', { max: 1500 }))
  .refine(path => !hasControlCharacter(path), problem('control_characters'))
  .refine(path => !path.includes('\\'), problem('backslash'))
  .refine(path => !/^[a-z][a-z0-9+.-]*:/i.test(path) && !path.startsWith('//'), problem('absolute_path'))
  .refine(path => !hasParentSegment(path), problem('parent_segment'))
  .refine(path => path.replaceAll('/', '') !== '', problem('no_package_name'))

/** The body of the webhook; unknown fields are kept in `raw_data`. */
export const announcement = z.looseObject({
  BUILD_USER: z
    .string(problem('text'))
    .nullish()
    .transform(user => storable(user?.trim().slice(0, 255) ?? '') || 'None'),
  JOB_NAME: jobName,
  PACKAGE_PATH: packagePath,
  BUILD_NUMBER: z
    .union(
      [
        z.number(),
        z
          .string()
          .trim()
          .regex(/^\d{1,10}$/)
          .transform(Number),
      ],
      problem('positive_whole_number'),
    )
    .pipe(rowId('whole_number', { min: 1, max: 2_147_483_647 })),
})

/** As it stands, or as a server reads it that decodes it. */
function hasParentSegment(path: string): boolean {
  const decoded = path.replace(/%2e/gi, '.').replace(/%2f/gi, '/')
  return decoded.split('/').includes('..')
}

/** An announcement as a build. `rawData` is its whole body. */
export function toBuild(
  { JOB_NAME, BUILD_NUMBER, PACKAGE_PATH, BUILD_USER }: z.output<typeof announcement>,
  rawData: object,
  receivedAt = new Date(),
): NewBuild {
  return {
    ...{ jobName: JOB_NAME, buildNumber: BUILD_NUMBER, packagePath: PACKAGE_PATH, buildUser: BUILD_USER },
    ...{ rawData: storable(rawData) as Prisma.JsonObject, createdAt: receivedAt },
  }
}

export interface BuildFilter extends Page {
  jobName?: string
}

/** Newest first. */
export async function listBuilds(
  db: Queryable,
  { limit, offset, jobName }: BuildFilter,
): Promise<PageOf<Build>> {
  const where = { jobName }
  const [data, total] = await Promise.all([
    db.build.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit, skip: offset }),
    db.build.count({ where }),
  ])
  return { data, total, limit, offset }
}

export async function getBuild(db: Queryable, id: number): Promise<Build> {
  const build = await db.build.findUnique({ where: { id } })
  if (!build) throw notFound('errors:build_not_found', { id })
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

/** What to look for in builds that no run needs. */
export const unused = { runs: { none: { status: { in: [...UNFINISHED] } } } }

export async function deleteBuild({ db }: Store, id: number, actor: string): Promise<Build> {
  return db.$transaction(async tx => {
    // Locked, so that no run is triggered in between.
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
