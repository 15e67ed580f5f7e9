import pMap from 'p-map'
import { recordChange } from '../audit/audit.ts'
import { announceChange } from '../database/live.ts'
import type { Store } from '../database/store.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { conflict, ExternalError, notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { unused } from './builds.ts'

/** A person waits for the answer: builds that are not checked by then are left for the next time. */
const TIME_LIMIT_MS = 45_000
const CONCURRENCY = 6

/** Reports whether a build's directory holds a package for one of the items. Throws ExternalError if unreadable. */
export type PackageProbe = (
  packagePath: string,
  itemNames: string[],
  signal?: AbortSignal,
) => Promise<boolean>

type Place = Pick<Build, 'id' | 'packagePath'>

export async function pruneBuilds(
  store: Store,
  jobName: string,
  probe: PackageProbe,
  actor: Actor,
): Promise<{ deleted: number; kept: number; unchecked: number }> {
  const items = await store.db.testItem.findMany({ where: { jobName }, select: { name: true } })
  if (!items.length) throw conflict('errors:prune_without_items', { job: jobName })
  const builds = await store.db.build.findMany({
    where: { jobName },
    select: { id: true, packagePath: true },
    orderBy: { id: 'asc' },
  })
  if (!builds.length) throw notFound('errors:job_without_builds', { job: jobName })

  const itemNames = items.map(item => item.name)
  const found = await checkAll(builds, ({ packagePath }) => probe(packagePath, itemNames))
  const deleted = await deleteUnusedBuilds(store, jobName, found.empty, actor)
  return { deleted, kept: found.full + found.empty.length - deleted, unchecked: found.unchecked }
}

async function checkAll(builds: Place[], holdsPackage: (build: Place) => Promise<boolean>) {
  const deadline = Date.now() + TIME_LIMIT_MS
  const check = (build: Place) => (Date.now() < deadline ? holdsPackage(build).catch(unreadable) : null)
  const results = await pMap(builds, check, { concurrency: CONCURRENCY })
  return {
    full: results.filter(result => result === true).length,
    unchecked: results.filter(result => result === null).length,
    empty: builds.filter((_build, i) => results[i] === false).map(({ id }) => id),
  }
}

function unreadable(error: unknown): null {
  if (error instanceof ExternalError) return null
  throw error
}

async function deleteUnusedBuilds(
  { db }: Store,
  jobName: string,
  ids: number[],
  actor: Actor,
): Promise<number> {
  return db.$transaction(async tx => {
    await tx.$queryRaw`SELECT id FROM build_info WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE`
    const { count } = await tx.build.deleteMany({ where: { id: { in: ids }, ...unused } })
    if (count) {
      await recordChange(tx, { actor, action: 'prune builds', subject: jobName, after: { deleted: count } })
      await announceChange(tx, { topic: 'job', id: jobName })
    }
    return count
  })
}
