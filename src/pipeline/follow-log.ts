import { isDatabaseAway } from '../database/client.ts'
import { getTaskLog } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { ExternalError } from '../lib/errors.ts'
import type { Failure } from '../runs/transition.ts'
import { failureFrom } from './failure.ts'
import { serverHas } from './features.ts'
import type { StepTools } from './step.ts'

/** Enough for any log that is kept; a server that always has more does not hold up the looks at the task. */
const MAX_PARTS = 20

/**
 * Keeps what the log of the run's task says beyond what is kept. Says what went wrong, which ends nothing: the next
 * call goes on at the same byte.
 */
export async function followLog(run: Run, { signal, log, taskLog }: StepTools): Promise<Failure | null> {
  if (!serverHas('log', run)) return null
  try {
    for (let parts = 0; parts < MAX_PARTS; parts += 1) {
      const position = await taskLog.position()
      if (position.complete) break
      const part = await getTaskLog(run.testServerUrl, run.taskId ?? '', position.offset, { signal })
      if (part.text || part.eof) await taskLog.append(position, part)
      if (!part.text) break
    }
    return null
  } catch (error) {
    if (!(error instanceof ExternalError) && !isDatabaseAway(error)) throw error
    log.info({ runId: run.id, err: error }, 'the log of the task was not read on')
    return failureFrom(error)
  }
}
