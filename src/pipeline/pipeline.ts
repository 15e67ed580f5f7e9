import type { Lifeline } from '../database/lifeline.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../metrics.ts'
import type { RunStore } from '../runs/record-event.ts'
import type { PackageRules, ScriptUrls } from './step.ts'

export interface Pipeline {
  store: RunStore & { lifeline: Lifeline }
  packages: PackageRules
  scripts: ScriptUrls
  log: Log
  metrics: Pick<Metrics, 'steps' | 'polls' | 'downloadedBytes'>
}
