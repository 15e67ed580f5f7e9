import type { Database, Queryable, Transaction } from '../database/client.ts'
import type { WatchModel as Watch } from '../generated/prisma/models.ts'
import { AppError, notFound } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'

/** What a person follows: every run of an item, or one run. */
export type Watched = { testItemId: number } | { runId: number }

export type NamedWatch = Watch & {
  testItem: { name: string } | null
  run: { itemName: string; buildNumber: number } | null
}

/** Who follows already gets the mails in the language of today. */
export async function follow(db: Database, { email, locale }: Person, watched: Watched): Promise<void> {
  await db.$transaction(async tx => {
    await refuseMissing(tx, watched)
    const { count } = await tx.watch.updateMany({ where: { email, ...watched }, data: { locale } })
    if (!count) await tx.watch.createMany({ data: [{ email, locale, ...watched }], skipDuplicates: true })
  })
}

export async function unfollow(db: Queryable, { email }: Person, watched: Watched): Promise<void> {
  await db.watch.deleteMany({ where: { email, ...watched } })
}

async function refuseMissing(tx: Transaction, watched: Watched): Promise<void> {
  if ('runId' in watched) {
    // Its end waits for the watch, and mails it.
    const [run] = await tx.$queryRaw<{ hasEnded: boolean }[]>`
      SELECT finished_at IS NOT NULL AS "hasEnded" FROM deploy_test_runs WHERE id = ${watched.runId} FOR SHARE`
    if (!run) throw notFound('errors:run_not_found', { id: watched.runId })
    if (run.hasEnded) throw new AppError('errors:run_has_ended', { id: watched.runId }, { status: 409 })
  } else if (!(await tx.testItem.count({ where: { id: watched.testItemId } })))
    throw notFound('errors:test_item_not_found', { id: watched.testItemId })
}

export async function follows(db: Queryable, { email }: Person, watched: Watched): Promise<boolean> {
  return (await db.watch.count({ where: { email, ...watched } })) > 0
}

export function listWatches(db: Queryable, email: string): Promise<NamedWatch[]> {
  return db.watch.findMany({
    where: { email },
    include: { testItem: { select: { name: true } }, run: { select: { itemName: true, buildNumber: true } } },
    orderBy: { id: 'asc' },
  })
}

/** Those who follow the run or its item, each person once; the watch of the run goes first. */
export async function listWatchers(db: Queryable, run: { id: number; testItemId: number }): Promise<Watch[]> {
  const watches = await db.watch.findMany({
    where: { OR: [{ runId: run.id }, { testItemId: run.testItemId }] },
    orderBy: [{ runId: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
  })
  return watches.filter(({ email }, place) => watches.findIndex(watch => watch.email === email) === place)
}

export async function endWatch(db: Queryable, id: number): Promise<void> {
  await db.watch.deleteMany({ where: { id } })
}

/** There is nothing more to tell of a run that has ended. */
export async function endRunWatches(db: Queryable, runId: number): Promise<void> {
  await db.watch.deleteMany({ where: { runId } })
}
