import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable } from '../database/client.ts'
import { getTaskLog } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ExternalError } from '../lib/errors.ts'
import type { Failure } from '../runs/run-event.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { StepTools } from './step.ts'

/** Bounds the delay of the next poll. */
const MAX_PARTS = 20
/** At the end of the task; more than any stored log needs. */
const MAX_LAST_PARTS = 2000
const LAST_PARTS_SECONDS = 30
const READ_EVERY_SECONDS = 3

export interface LogFollower {
  readNew(): Promise<void>
  /** What is left when the task has ended. */
  readRest(): Promise<void>
  readWhile<T>(poll: Promise<T>): Promise<T>
  problem(): Failure | null
}

export function followLog(run: Run, tools: StepTools): LogFollower {
  let problem: Failure | null = null

  async function read(most: Most): Promise<void> {
    try {
      await readParts(run, tools, most)
      problem = null
    } catch (error) {
      if (!(error instanceof ExternalError) && !isDatabaseUnavailable(error)) throw error
      tools.log.info({ runId: run.id, err: error }, 'task log not read')
      problem = failureFrom(error)
    }
  }

  const readNew = () => read({ parts: MAX_PARTS, until: Infinity })
  const readRest = () => read({ parts: MAX_LAST_PARTS, until: Date.now() + LAST_PARTS_SECONDS * 1000 })

  async function readWhile<T>(poll: Promise<T>): Promise<T> {
    let answered = false
    const answer = () => {
      answered = true
    }
    const end = poll.then(answer, answer)
    const every = Math.min(READ_EVERY_SECONDS, run.queryInterval) * 1000
    while (!answered) {
      await Promise.race([end, pause(every, undefined, { ref: false })])
      if (!answered) await readNew()
    }
    return poll
  }

  const noLog = !serverHas('log', run)
  return {
    readNew: noLog ? async () => {} : readNew,
    readRest: noLog ? async () => {} : readRest,
    readWhile: noLog ? poll => poll : readWhile,
    problem: () => problem,
  }
}

interface Most {
  parts: number
  until: number
}

async function readParts(run: Run, { signal, token, taskLog }: StepTools, most: Most): Promise<void> {
  for (let parts = 0; parts < most.parts && Date.now() < most.until; parts += 1) {
    const position = await taskLog.position()
    if (position.complete) return
    const part = await getTaskLog(run.testServerUrl, run.taskId ?? '', position.offset, { signal, token })
    if (part.text || part.eof) await taskLog.append(position, part)
    if (!part.text) return
  }
}
