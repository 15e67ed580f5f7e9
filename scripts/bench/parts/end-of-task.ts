import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DemoBuild, makeDemoBuild } from '../../../test/neighbours/demo-build.ts'
import { type Neighbours, startNeighbours } from '../../../test/neighbours/index.ts'
import type { ShownRun } from '../../lib/crat-client.ts'
import { announceBuild, furnish } from '../../lib/demo-world.ts'
import { writeReport } from '../allure-report.ts'
import type { Bench, Part } from '../bench.ts'
import { atMost } from '../figures.ts'
import type { Server } from '../server.ts'

/** A task of the test server: how long it takes, how large its report is. */
interface Task {
  protocol: 1 | 2
  seconds: number[]
  tests: number
}

const TASKS: Task[] = [
  { protocol: 2, seconds: [2.1, 3.4, 4.7], tests: 100 },
  { protocol: 2, seconds: [2, 2, 2], tests: 10_000 },
  { protocol: 1, seconds: [2.1, 3.4, 4.7], tests: 100 },
  { protocol: 1, seconds: [25], tests: 100 },
]
const ENDED = ['COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED']
const ASK_EVERY_MS = 20

export const endOfTask: Part = {
  name: 'end-of-task',
  about: 'from the end of a task until its run is shown as finished, with a test server of each version',
  async measure(bench) {
    const server = await bench.startServer(await bench.freshDatabase())
    for (const protocol of [2, 1] as const) await measureProtocol(bench, server, protocol)
  },
}

async function measureProtocol(bench: Bench, server: Server, protocol: 1 | 2): Promise<void> {
  const folder = join(bench.folder, `test-server-${protocol}`)
  await mkdir(folder)
  const tasks = TASKS.filter(
    task => task.protocol === protocol && !(bench.options.quick && task.seconds.length < 2),
  )
  const current = { seconds: 0, report: '', endedAt: 0 }
  const neighbours = await startNeighbours({
    folder,
    testServer: { protocol, minPhaseMs: 0, work: workOf(current) },
  })
  try {
    const itemId = await furnish(server.admin, { ...neighbours, testServerUrl: neighbours.testServer.url })
    // As it is where nobody has set it.
    await server.admin.put('/settings', { query_interval: 60 })
    for (const task of tasks) await measureTask(bench, task, { server, neighbours, itemId, current })
  } finally {
    await neighbours.close()
  }
}

interface Current {
  seconds: number
  report: string
  endedAt: number
}

/** What the test server does with a task. */
function workOf(current: Current) {
  return async () => {
    await sleep(current.seconds * 1000)
    current.endedAt = performance.now()
    return {
      deploy: { service: 'CDS', upgrade_type: 'full', success: true },
      test: { report_url: current.report },
    }
  }
}

interface Stage {
  server: Server
  neighbours: Neighbours
  itemId: number
  current: Current
}

/** The worst of all its runs. */
async function measureTask(bench: Bench, task: Task, stage: Stage): Promise<void> {
  const { reportServer, packageServer } = stage.neighbours
  await writeReport(join(reportServer.root, `${task.tests}`), task.tests)
  stage.current.report = `${reportServer.url}/${task.tests}/`
  const delays: number[] = []
  for (const [i, seconds] of task.seconds.entries()) {
    stage.current.seconds = seconds
    const build = await makeDemoBuild(packageServer.root, { commit: `${task.protocol}${task.tests}${i}` })
    delays.push(await runOnce(bench, build, stage))
  }
  const worst = Math.max(...delays)
  const allowed = task.protocol === 2 ? 0.5 : Math.max(1, Math.max(...task.seconds) / 10)
  const lengths = [...new Set(task.seconds)].join(', ')
  bench.record({
    ...{ name: `version ${task.protocol}, ${lengths} s, ${task.tests} tests`, unit: 's', ours: worst },
    ...(task.tests === 100 && { target: atMost(allowed, 's', worst) }),
  })
}

let builds = 0

/** Seconds from the end of its task until the run is shown as finished. */
async function runOnce(bench: Bench, build: DemoBuild, stage: Stage): Promise<number> {
  const { admin, url } = stage.server
  await announceBuild(url, build.packagePath, ++builds)
  const { data } = await admin.get<{ data: { id: number }[] }>('/builds?limit=1')
  const triggered = await admin.post<{ data: { run_id: number } }>(
    `/test-items/${stage.itemId}/deploy-test`,
    {
      build_info_id: data[0]?.id,
    },
  )
  for (;;) {
    bench.signal.throwIfAborted()
    const run = await admin.get<{ data: ShownRun }>(`/deploy-test-runs/${triggered.data.run_id}`)
    if (ENDED.includes(run.data.status)) return secondsAfter(stage.current, run.data)
    await sleep(ASK_EVERY_MS)
  }
}

function secondsAfter({ endedAt }: Current, { status, error_message, summary }: ShownRun): number {
  if (status !== 'COMPLETED' || !summary) throw new Error(`The run ended ${status}: ${error_message}`)
  return (performance.now() - endedAt) / 1000
}
