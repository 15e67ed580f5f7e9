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
  const readNew = createReader(run, tools)
  const ended = readUntil(AbortSignal.any([over.signal, tools.signal]), readNew)
  // Whoever ends it learns of it.
  ended.catch(() => {})
  return {
    async end() {
      over.abort()
      await ended
      await readNew()
    },
  }
}

type Reader = () => Promise<number>

async function readUntil(signal: AbortSignal, readNew: Reader): Promise<void> {
  while (!signal.aborted) {
    const count = await readNew()
    await pause(count > 0 ? READ_EVERY_MS : LOOK_EVERY_MS, undefined, { signal }).catch(() => {})
  }
}

/** Each call returns how many points there are by then. */
function createReader(run: Run, { signal, token, loadPoints, log }: StepTools): Reader {
  let lastProblem: string | null = null

  async function readOnce(): Promise<number> {
    const count = await loadPoints.count()
    if (isFull(count)) return count
    const points = await getLoadPoints(run.testServerUrl, run.taskId ?? '', count, { signal, token })
    if (points.length) await loadPoints.append(count, points)
    lastProblem = null
    return count + points.length
  }

  return async () => {
    try {
      return await readOnce()
    } catch (error) {
      if (!(error instanceof ExternalError) && !isDatabaseUnavailable(error) && !signal.aborted) throw error
      const { message } = error as Error
      if (message !== lastProblem) log.info({ runId: run.id, err: error }, 'load points not read')
      lastProblem = message
      return 0
    }
  }
}
