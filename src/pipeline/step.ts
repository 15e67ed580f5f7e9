import type { RunModel as Run } from '../generated/prisma/models.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../metrics.ts'
import type { Details, RunEvent } from '../runs/run-event.ts'
import type { TaskLog } from '../runs/run-log.ts'

export interface StepTools {
  /** Aborts when someone else ends the run or this process stops. */
  signal: AbortSignal
  log: Log
  metrics: Pick<Metrics, 'polls' | 'downloadedBytes'>
  packages: PackageRules
  /** Shown live on the run's page. Saved at most once a second, the latest wins. */
  saveProgress(progress: Details): void
  /** The stored log of the run's task. */
  taskLog: TaskLog
}

export interface PackageRules {
  folder: string
}

/**
 * One step of a run. `perform` returns what happened and writes nothing about the run itself. Throws AppError
 * on failure; any other error is a bug.
 */
export interface Step {
  perform(run: Run, tools: StepTools): Promise<RunEvent>
}
