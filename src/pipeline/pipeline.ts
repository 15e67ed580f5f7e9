import type { Lifeline } from '../database/lifeline.ts'
import type { Egress } from '../external/egress.ts'
import type { Log } from '../lib/log.ts'
import type { Sealer } from '../lib/sealer.ts'
import type { Metrics } from '../metrics.ts'
import type { RunStore } from '../runs/record-event.ts'
import type { PackageRules, ScriptUrls } from './step.ts'

export interface Pipeline {
  store: RunStore & { lifeline: Lifeline }
  packages: PackageRules
  scripts: ScriptUrls
  egress: Egress
  sealer: Sealer
  log: Log
  metrics: Pick<Metrics, 'steps' | 'polls' | 'downloadedBytes'>
}
