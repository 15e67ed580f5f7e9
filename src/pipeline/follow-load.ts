import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable } from '../database/client.ts'
import { getLoadPoints } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ExternalError } from '../lib/errors.ts'
import { isFull } from '../runs/load-points.ts'
import { serverHas } from './features.ts'
import type { StepTools } from './step.ts'

const READ_EVERY_MS = 1_000
/** Most tasks are no load test. */
const LOOK_EVERY_MS = 3_000

export interface LoadFollower {
  /** Reads what is there now, and no more. */
  end(): Promise<void>
}

/** Reads the points of a load test while it goes. Best effort: no run ends because of them. */
export function followLoad(run: Run, tools: StepTools): LoadFollower {
  if (!serverHas('metrics', run)) return { end: async () => {} }
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, tools.signal])
  const ended = readUntil(signal, run, tools)
  return {
    async end() {
      over.abort()
      await ended
      await readNew(run, tools)
    },
  }
}

async function readUntil(signal: AbortSignal, run: Run, tools: StepTools): Promise<void> {
  while (!signal.aborted) {
    const count = await readNew(run, tools)
    await pause(count > 0 ? READ_EVERY_MS : LOOK_EVERY_MS, undefined, { signal }).catch(() => {})
  }
}

/** Returns how many there are. */
async function readNew(run: Run, { signal, token, loadPoints, log }: StepTools): Promise<number> {
  try {
    const count = await loadPoints.count()
    if (isFull(count)) return count
    const points = await getLoadPoints(run.testServerUrl, run.taskId ?? '', count, { signal, token })
    if (points.length) await loadPoints.append(count, points)
    return count + points.length
  } catch (error) {
    if (!(error instanceof ExternalError) && !isDatabaseUnavailable(error) && !signal.aborted) throw error
    log.info({ runId: run.id, err: error }, 'load points not read')
    return 0
  }
}
