import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Visitor } from '../../../test/http/visitor.ts'
import { makeServicePackage } from '../../../test/test-server/service-package.ts'
import type { ProofWorld } from './world.ts'

const JOB = 'CDN/Quick'
const LOOK_EVERY_MS = 20

/** A service that is deployed at once, so that many tasks end in a short time. */
export const QUICK_SERVICE = { name: 'quick', kind: 'command', deploy: 'sleep 0.5' }

/** How long after the end of each task its run's page says so, in milliseconds. */
export async function measureTaskEnds(world: ProofWorld, tasks: number): Promise<number[]> {
  const folder = join(world.packageServer.root, 'build/quick')
  await mkdir(folder, { recursive: true })
  await makeServicePackage(join(folder, 'quick-1.0_release.tgz'), { version: '1.0' })
  const fields = {
    service_name: 'quick',
    install_dir: '',
    upgrade_type: 'full',
    test_path: 'deploy',
    base_url: '',
  }
  const item = await world.addItem('quick', JOB, { ...fields, report_keyword: 'quick' })
  const visitor = await new Visitor(world.cratUrl).logIn('wang.fang@example.com')
  const delays: number[] = []
  for (let nth = 1; nth <= tasks; nth += 1) {
    const runId = await world.testBuild(item, JOB, 'build/quick')
    const shownAt = await untilPageSays(visitor, runId)
    const run = await world.untilEnded(runId)
    if (run.status !== 'DEPLOY_COMPLETE')
      throw new Error(`Run ${runId} ended ${run.status}: ${run.error_message}`)
    delays.push(shownAt - (await endOf(world, run.task_id ?? '')))
  }
  return delays.sort((a, b) => a - b)
}

async function untilPageSays(visitor: Visitor, runId: number): Promise<number> {
  for (;;) {
    const { html } = await visitor.open(`/runs/${runId}`)
    // What is over can be retried.
    if (html.includes(`/runs/${runId}/retry`)) return Date.now()
    await sleep(LOOK_EVERY_MS)
  }
}

/** When the test server wrote down that the task is over. */
async function endOf({ testServer }: ProofWorld, taskId: string): Promise<number> {
  return (await stat(join(testServer.dataDir, 'tasks', taskId, 'task.json'))).mtimeMs
}
