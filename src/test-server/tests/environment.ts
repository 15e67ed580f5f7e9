import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled } from '../deploy/plan.ts'
import type { Service } from '../services/service.ts'
import type { TestSuite } from '../services/test-suite.ts'
import { parametersOf, type Submission } from '../submission.ts'
import type { WorkTools } from '../tasks/task.ts'
import type { Scripts } from './scripts.ts'

const reporter = fileURLToPath(new URL('./allure-reporter.ts', import.meta.url))

export interface TestContext {
  service: Service
  suite: TestSuite
  submission: Submission
  unpacked: string
  scripts: Scripts
  tools: WorkTools
  cookie: string
  dataDir: string
}

export async function testEnvironment(context: TestContext): Promise<Record<string, string>> {
  const { service, suite, submission, unpacked, scripts, tools } = context
  const work = join(tools.folder, 'work')
  const parameters = parametersOf(submission)
  await mkdir(join(work, 'tmp'), { recursive: true })
  await writeFile(join(work, 'parameters.json'), JSON.stringify(parameters, null, 2))
  return {
    ...service.environment,
    ...suite.environment,
    ...parameterVariables(parameters),
    ...peerVariables(submission),
    SERVICE_NAME: service.name,
    SERVICE_URL: service.address,
    INSTALL_DIR: isInstalled(service) ? service.install_dir : '',
    PACKAGE_DIR: unpacked,
    SCRIPTS_DIR: scripts.folder,
    TEST_PATH: suite.name === submission.test_path ? '' : submission.test_path,
    RUN_ID: `${submission.run_id ?? ''}`,
    PARAMETERS_FILE: join(work, 'parameters.json'),
    ALLURE_NODE_REPORTER: reporter,
    TMPDIR: join(work, 'tmp'),
  }
}

/** A parameter `region` is PARAM_REGION. */
function parameterVariables(parameters: Record<string, unknown>): Record<string, string> {
  const named = Object.entries(parameters).map(([name, value]) => [
    `PARAM_${name.toUpperCase().replace(/\W/g, '_')}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return Object.fromEntries(named)
}

function peerVariables({ peers = [], index, count, network }: Submission): Record<string, string> {
  return {
    ...(peers.length > 0 && {
      PEERS: JSON.stringify(peers),
      PEER_INDEX: `${index ?? 0}`,
      PEER_COUNT: `${count ?? peers.length}`,
    }),
    ...(network && {
      NETWORK_LATENCY_MS: `${network.latency_ms ?? 0}`,
      NETWORK_LOSS_PERCENT: `${network.loss_percent ?? 0}`,
    }),
  }
}
