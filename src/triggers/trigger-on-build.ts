import { isDatabaseUnavailable } from '../database/client.ts'
import { lockRow } from '../database/rows.ts'
import type { BuildTriggerModel as BuildTrigger, RunModel as Run } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { RunStore } from '../runs/record-event.ts'
import { enqueueRun, type SealedStore } from '../runs/trigger-run.ts'
import { automatic } from './automatic.ts'
import { replaceWaiting } from './replace-waiting.ts'

const AT_ONCE = 200

/**
 * Tests each announced build with the items that are tested on each build of its job. A build is marked in the
 * transaction that stores it, and its run is created in the one that removes the mark: none is lost, none is doubled.
 */
export async function triggerAnnouncedBuilds(store: RunStore & SealedStore, log: Log): Promise<number> {
  let [triggered, left] = [0, 0]
  for (;;) {
    const marks = await store.db.buildTrigger.findMany({
      orderBy: [{ buildId: 'asc' }, { testItemId: 'asc' }],
      ...{ skip: left, take: AT_ONCE },
    })
    for (const mark of marks) {
      const result = await tryToTrigger(store, log, mark)
      if (result === 'triggered') triggered += 1
      if (result === 'left') left += 1
    }
    if (marks.length < AT_ONCE) return triggered
  }
}

/** What fails for a reason of ours is left for the next time. */
async function tryToTrigger(
  store: RunStore & SealedStore,
  log: Log,
  mark: BuildTrigger,
): Promise<'triggered' | 'dropped' | 'left'> {
  try {
    const run = await triggerBuild(store, mark)
    if (run) await replaceWaiting(store, run.testItemId)
    return run ? 'triggered' : 'dropped'
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    log.warn({ ...mark, err: error }, 'a new build is not tested')
    if (!(error instanceof AppError)) return 'left'
    await store.db.buildTrigger.deleteMany({ where: mark })
    return 'dropped'
  }
}

/** Returns null if another process was faster, or the item is no longer tested on the builds of this job. */
function triggerBuild({ db, sealer }: RunStore & SealedStore, mark: BuildTrigger): Promise<Run | null> {
  return db.$transaction(async tx => {
    const { count } = await tx.buildTrigger.deleteMany({ where: mark })
    if (!count) return null
    await lockRow(tx, 'test_items', mark.testItemId)
    const item = await tx.testItem.findUnique({ where: { id: mark.testItemId } })
    const build = await tx.build.findUnique({ where: { id: mark.buildId } })
    if (!item?.triggerOnBuild || !build || build.jobName !== item.jobName) return null
    return enqueueRun(sealer, tx, item, { buildId: build.id, trigger: 'build' }, automatic('build'))
  })
}
