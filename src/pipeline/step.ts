import type { Egress } from '../external/egress.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import type { Log } from '../lib/log.ts'
import type { Sealer } from '../lib/sealer.ts'
import type { Metrics } from '../metrics.ts'
import type { KeptPoints } from '../runs/load-points.ts'
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
  scripts: ScriptUrls
  members: Member[]
  saveProgress(progress: Details): void
  taskLog: TaskLog
  loadPoints: KeptPoints
}

export interface Member {
  position: number
  name: string
  run: Run
  token: string | null
  taskLog: TaskLog
  loadPoints: KeptPoints
}

export interface PackageRules {
  folder: string
}

export interface ScriptUrls {
  /** Where a test server fetches the bundle with this hash. */
  urlOf(sha256: string): string
}

export interface Step {
  perform(run: Run, tools: StepTools): Promise<RunEvent>
}
