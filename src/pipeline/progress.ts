import { throttle } from 'throttle-debounce'
import { announceChange } from '../database/live.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { storable } from '../lib/text.ts'
import type { Details } from '../runs/run-event.ts'
import type { Pipeline } from './pipeline.ts'

const SAVE_EVERY_MS = 1000

export interface ProgressSaver {
  save(progress: Details): void
  end(): Promise<void>
}

export function createProgressSaver(pipeline: Pipeline, run: Run): ProgressSaver {
  let writing: Promise<void> = Promise.resolve()

  const save = throttle(SAVE_EVERY_MS, (progress: Details) => {
    writing = writing.then(() => saveProgress(pipeline, run, progress))
  })
  return {
    save,
    async end() {
      save.cancel()
      await writing
    },
  }
}

/** Best effort: a lost figure must not stop a download. */
async function saveProgress({ store, log }: Pipeline, run: Run, progress: Details): Promise<void> {
  try {
    const { count } = await store.db.step.updateMany({
      where: { runId: run.id, status: 'RUNNING', run: { claim: run.claim, status: run.status } },
      data: { progress: { ...(storable(progress) as Prisma.InputJsonObject), at: new Date().toISOString() } },
    })
    if (count) await announceChange(store.db, { topic: 'run', id: run.id })
  } catch (error) {
    log.warn({ runId: run.id, err: error }, 'progress not saved')
  }
}
