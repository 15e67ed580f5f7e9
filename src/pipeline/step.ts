import type { RunModel as Run } from '../generated/prisma/models.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../metrics.ts'
import type { Details, RunEvent } from '../runs/run-event.ts'
import type { TaskLog } from '../runs/run-log.ts'

export interface StepTools {
  signal: AbortSignal
  token: string | null
  log: Log
  metrics: Pick<Metrics, 'polls' | 'downloadedBytes'>
  packages: PackageRules
  scripts: ScriptUrls
  members: Member[]
  saveProgress(progress: Details): void
  taskLog: TaskLog
}

export interface Member {
  position: number
  name: string
  run: Run
  token: string | null
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
