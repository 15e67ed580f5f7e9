import { announceChange } from '../database/live.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { storable } from '../lib/text.ts'
import type { Details } from '../runs/run-event.ts'
import type { Pipeline } from './pipeline.ts'

const SAVE_EVERY_MS = 1000

export interface ProgressSaver {
  save(progress: Details): void
  /** Waits for what is being saved. */
  end(): Promise<void>
}

/** Keeps the running step's progress, at most once a second: what comes in between is replaced by what comes after. */
export function createProgressSaver({ store, log }: Pipeline, run: Run): ProgressSaver {
  let newest: Details | null = null
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let lastWrite = 0

  async function write(progress: Details): Promise<void> {
    lastWrite = Date.now()
    try {
      const { count } = await store.db.step.updateMany({
        where: { runId: run.id, status: 'RUNNING', run: { claim: run.claim, status: run.status } },
        data: {
          progress: { ...(storable(progress) as Prisma.InputJsonObject), at: new Date().toISOString() },
        },
      })
      if (count) await announceChange(store.db, { topic: 'run', id: run.id })
    } catch (error) {
      // Progress is for the eye: losing one figure does not stop a download.
      log.warn({ runId: run.id, err: error }, 'progress not saved')
    }
  }

  function flush(): void {
    timer = null
    const progress = newest
    newest = null
    if (progress) writing = writing.then(() => write(progress))
  }

  return {
    save(progress) {
      newest = progress
      timer ??= setTimeout(flush, Math.max(0, lastWrite + SAVE_EVERY_MS - Date.now()))
    },
    async end() {
      if (timer) clearTimeout(timer)
      await writing
    },
  }
}
