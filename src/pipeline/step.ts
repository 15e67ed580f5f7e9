import type { RunModel as Run } from '../generated/prisma/models.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../metrics.ts'
import type { Details, RunEvent } from '../runs/run-event.ts'
import type { TaskLog } from '../runs/run-log.ts'

/** What a step may use. */
export interface StepTools {
  /** Aborts when the run was ended by someone else, or this process stops. */
  signal: AbortSignal
  log: Log
  metrics: Pick<Metrics, 'polls' | 'downloadedBytes'>
  packages: PackageRules
  /** Shown live on the run's page; saved at most once a second, the newest wins. */
  saveProgress(progress: Details): void
  /** What is kept of the log of the run's task. */
  taskLog: TaskLog
}

export interface PackageRules {
  /** The folder of downloaded packages. */
  folder: string
}

/**
 * One stretch of a run's way. `perform` does its work and says what happened; it throws an AppError where that
 * fails, and whatever else where the program is at fault. It writes nothing about the run itself.
 */
export interface Step {
  perform(run: Run, tools: StepTools): Promise<RunEvent>
}
