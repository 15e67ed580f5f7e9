import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeServicePackage } from '../../../test/test-server/service-package.ts'
import type { ShownRun } from '../crat-client.ts'
import type { ProofWorld } from './world.ts'

const JOB = 'CDN/Core'
/** The longest that a round takes when nothing is killed, about. */
const ROUND_MS = 6_000

const TESTS = `#!/bin/sh
for n in 1 2 3 4 5; do
  echo "<testsuite name='s'><testcase name='t$n'/></testsuite>" > "$JUNIT_DIR/$n.xml"; sleep 0.1
done
`

/** A service that takes some time to stop, to start and to be tested, so that every phase can be hit. */
export function serviceToKill(folder: string, port: number): object {
  const url = `http://127.0.0.1:${port}`
  return {
    ...{ name: 'cds', kind: 'directory', install_dir: join(folder, 'install/cds'), address: url },
    environment: { PORT: `${port}`, NODE: process.execPath },
    health: { url: `${url}/health`, timeout: '20s' },
    tests: { command: ['./run-tests.sh'] },
  }
}

export interface RoundResult {
  /** What was seen of the task when it was hit. */
  hit: string
  status: string
  /** Whether the new version runs afterwards. */
  isNew: boolean
}

/** Kills the test server at a random moment of a run, starts it again, and looks whether all is whole and true. */
export async function playKillRounds(
  world: ProofWorld,
  {
    rounds,
    port,
    random,
    onRound,
  }: {
    rounds: number
    port: number
    random(): number
    onRound(round: number, result: RoundResult): void
  },
): Promise<void> {
  await mkdir(join(world.folder, 'install'), { recursive: true })
  const item = await world.addItem('cds', JOB, parameters())
  let before = '0'
  const first = await world.untilEnded(await triggerBuild(world, item, before))
  if (first.status !== 'COMPLETED')
    throw new Error(`The first run ended ${first.status}: ${first.error_message}`)
  for (let round = 1; round <= rounds; round += 1) {
    const runId = await triggerBuild(world, item, `${round}`)
    // Squared: the deploy comes first and is short.
    await sleep(random() ** 2 * ROUND_MS)
    const hit = await statusOf(world, runId)
    world.testServer.kill()
    await sleep(random() * 500)
    await world.testServer.start()
    const run = await world.untilEnded(runId)
    const version = await runningVersion(port)
    await requireWhole(world, version, [before, `${round}`])
    requireTruth(run, version, before, `${round}`)
    onRound(round, { hit, status: run.status, isNew: version === `${round}` })
    before = version
  }
}

function parameters() {
  const fields = { service_name: 'cds', install_dir: '', upgrade_type: 'full', test_path: '', base_url: '' }
  return { ...fields, report_keyword: 'cds' }
}

async function triggerBuild(world: ProofWorld, item: number, version: string): Promise<number> {
  const folder = `build/${version}`
  await mkdir(join(world.packageServer.root, folder), { recursive: true })
  const path = join(world.packageServer.root, folder, `cds-${version}_release.tgz`)
  const files = { 'run-tests.sh': TESTS, 'slow-start': '0.3' }
  await makeServicePackage(path, { version, files })
  return await world.testBuild(item, JOB, folder)
}

async function statusOf({ person, testServer }: ProofWorld, runId: number): Promise<string> {
  const { data } = await person.get<{ data: ShownRun }>(`/deploy-test-runs/${runId}`)
  if (!data.task_id) return data.status.toLowerCase()
  const response = await fetch(`${testServer.url}/api/tasks/${data.task_id}`)
  const { status } = (await response.json()) as { status: string }
  const journal = await readFile(join(testServer.dataDir, 'deploys/cds.json'), 'utf8').catch(() => '{}')
  const { phase } = JSON.parse(journal) as { phase?: string }
  return phase ? `${status} (${phase})` : status
}

async function runningVersion(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/version`)
  return await response.text()
}

/** One version, all of it, and nothing else that runs. */
async function requireWhole(
  { folder, testServer }: ProofWorld,
  version: string,
  possible: string[],
): Promise<void> {
  if (!possible.includes(version)) throw new Error(`Version ${version} runs, which is neither of ${possible}`)
  const installed = await readFile(join(folder, 'install/cds/version'), 'utf8')
  if (installed !== version) throw new Error(`Version ${version} runs, but ${installed} is installed`)
  const processes = await testServer.processes('cds')
  if (processes.length !== 1)
    throw new Error(`${processes.length} processes run instead of the service alone`)
}

/** What CRAT says of the run is what became of the service. */
function requireTruth(
  { status, error_message, id, task_id }: ShownRun,
  version: string,
  before: string,
  now: string,
): void {
  const said = error_message ?? ''
  const deployed = status === 'COMPLETED' || /while it tested/.test(said)
  // Without a task the server was not there to be asked.
  const undone = task_id === null || /put back and runs|was not touched|nothing was changed/.test(said)
  if (!deployed && !undone) throw new Error(`Run ${id} ended ${status} without saying what runs now: ${said}`)
  const expected = deployed ? now : before
  if (version !== expected)
    throw new Error(`Run ${id} says that ${expected} runs, but ${version} does: ${said}`)
}

/** So that a proof can be repeated: the same seed, the same moments. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
