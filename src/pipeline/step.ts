import type { Egress } from '../external/egress.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import type { Log } from '../lib/log.ts'
import type { Sealer } from '../lib/sealer.ts'
import type { Metrics } from '../metrics.ts'
import type { Details, RunEvent } from '../runs/run-event.ts'
import type { TaskLog } from '../runs/run-log.ts'

export interface StepTools {
  signal: AbortSignal
  /** Trusts the package server and the test server of the run. */
  egress: Egress
  sealer: Sealer
  /** The environment's, if it wants one. */
  token: string | null
  log: Log
  metrics: Pick<Metrics, 'polls' | 'downloadedBytes'>
  packages: PackageRules
  members: Member[]
  saveProgress(progress: Details): void
  taskLog: TaskLog
}

export interface Member {
  position: number
  name: string
  run: Run
  token: string | null
  taskLog: TaskLog
}

export interface PackageRules {
  folder: string
}

export interface Step {
  perform(run: Run, tools: StepTools): Promise<RunEvent>
}
