import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '../processes/run-program.ts'
import type { LoadSuite } from '../services/test-suite.ts'
import type { Peer, Submission } from '../submission.ts'
import type { Stage } from './stages.ts'

const stagesFile = fileURLToPath(new URL('./load_stages.py', import.meta.url))
const WORKER_PORT = '5557'
const WORKER_WAIT_SECONDS = '60'

export interface LoadFiles {
  points: string
  totals: string
  stop: string
}

export function loadFiles(folder: string): LoadFiles {
  return {
    points: join(folder, 'points.jsonl'),
    totals: join(folder, 'work', 'totals.json'),
    stop: join(folder, 'work', 'stop'),
  }
}

export async function requireLocust({ locust }: LoadSuite): Promise<void> {
  await runProgram(locust, ['--version']).catch(error => {
    const how =
      'Load tests need Locust: install it with "pip install locust", or name it in the suite as "locust"'
    throw new Error(`${how}. ${error.message}`, { cause: error })
  })
}

export function isWorker({ peers = [], index = 0 }: Submission): boolean {
  return peers.length > 1 && index > 0
}

export function locustCommand(suite: LoadSuite, submission: Submission, address: string): string[] {
  const files = isWorker(submission) ? suite.locustfile : `${suite.locustfile},${stagesFile}`
  return [
    ...[
      suite.locust,
      '--locustfile',
      files,
      '--headless',
      '--exit-code-on-error',
      '0',
      '--stop-timeout',
      '10',
    ],
    ...(address ? ['--host', address] : []),
    ...distribution(suite, submission),
  ]
}

/** As Locust does it: a leading process and workers, here and on the machines of the peers. */
function distribution({ workers }: LoadSuite, submission: Submission): string[] {
  const { peers = [] } = submission
  const waiting = ['--expect-workers-max-wait', WORKER_WAIT_SECONDS]
  if (isWorker(submission))
    return ['--worker', '--master-host', hostOf(peers[0]), '--master-port', WORKER_PORT]
  if (peers.length > 1) return ['--master', '--expect-workers', `${peers.length - 1}`, ...waiting]
  return workers > 0 ? ['--processes', `${workers}`] : []
}

const hostOf = (peer: Peer | undefined) => (peer ? new URL(peer.url).hostname : '')

export function loadEnvironment(
  files: LoadFiles,
  stages: Stage[],
  rampDownMs: number,
): Record<string, string> {
  return {
    LOAD_STAGES: JSON.stringify(stages.map(stage => ({ ...stage, duration: stage.duration / 1000 }))),
    LOAD_RAMP_DOWN_SECONDS: `${rampDownMs / 1000}`,
    LOAD_STOP_FILE: files.stop,
    LOAD_POINTS_FILE: files.points,
    LOAD_TOTALS_FILE: files.totals,
  }
}
