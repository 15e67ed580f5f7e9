import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable } from '../database/client.ts'
import { getTaskLog } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ExternalError } from '../lib/errors.ts'
import type { Failure } from '../runs/run-event.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { StepTools } from './step.ts'

/** Enough for any log that is kept; a server that always has more does not hold up the looks at the task. */
const MAX_PARTS = 20
/** While a look at the task is held. */
const READ_EVERY_SECONDS = 3

export interface LogFollower {
  /** Keeps what the log says beyond what is kept. What goes wrong ends nothing: the next time goes on at that byte. */
  readOn(): Promise<void>
  /** Reads on while a look at the task is held by the server. */
  readWhile<T>(look: Promise<T>): Promise<T>
  /** Why the last reading brought nothing; null where it went well. */
  problem(): Failure | null
}

/** Follows the log of the run's task, where its server has one. */
export function followLog(run: Run, tools: StepTools): LogFollower {
  let problem: Failure | null = null

  async function readOn(): Promise<void> {
    try {
      await readParts(run, tools)
      problem = null
    } catch (error) {
      if (!(error instanceof ExternalError) && !isDatabaseUnavailable(error)) throw error
      tools.log.info({ runId: run.id, err: error }, 'the log of the task was not read on')
      problem = failureFrom(error)
    }
  }

  async function readWhile<T>(look: Promise<T>): Promise<T> {
    let answered = false
    const answer = () => {
      answered = true
    }
    const end = look.then(answer, answer)
    const every = Math.min(READ_EVERY_SECONDS, run.queryInterval) * 1000
    while (!answered) {
      await Promise.race([end, pause(every, undefined, { ref: false })])
      if (!answered) await readOn()
    }
    return look
  }

  const hasNone = !serverHas('log', run)
  return {
    readOn: hasNone ? async () => {} : readOn,
    readWhile: hasNone ? look => look : readWhile,
    problem: () => problem,
  }
}

async function readParts(run: Run, { signal, taskLog }: StepTools): Promise<void> {
  for (let parts = 0; parts < MAX_PARTS; parts += 1) {
    const position = await taskLog.position()
    if (position.complete) return
    const part = await getTaskLog(run.testServerUrl, run.taskId ?? '', position.offset, { signal })
    if (part.text || part.eof) await taskLog.append(position, part)
    if (!part.text) return
  }
}
