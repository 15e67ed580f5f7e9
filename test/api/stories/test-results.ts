import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { POLL, taskAnswer } from '../../neighbours/test-server.ts'
import type { StoryWorld } from '../story-world.ts'

const ENDINGS = {
  passed: '',
  failed: '<failure message="expected 200, got 404">at live.py:17\nat run.py:3</failure>',
  broken: '<error message="no connection">Traceback</error>',
  skipped: '<skipped/>',
}
type Tests = Record<string, keyof typeof ENDINGS>

const FIRST: Tests = { deploys: 'passed', 'serves <b>all</b>': 'failed', restarts: 'skipped', 更新: 'broken' }
const SECOND: Tests = { ...FIRST, deploys: 'failed', 'serves <b>all</b>': 'passed' }
const THIRD: Tests = { ...FIRST, 'serves <b>all</b>': 'failed', restarts: 'passed', 更新: 'passed' }

const QUERIES = [
  '?limit=1&offset=1',
  '?offset=100',
  '?status=failed',
  '?status=broken&change=still_failing',
  '?change=fixed',
  '?change=new_failure&limit=1',
  '?status=&change=',
  '?status=green',
  '?change=new',
  '?limit=0',
]

/** Runs whose reports list tests that fail, are fixed or flaky, and runs whose reports list nothing. */
export async function testResults(world: StoryWorld): Promise<void> {
  // The mails of these runs would only cost time.
  await world.admin.put(`/test-items/${world.cds}`, { notification_enabled: false })
  await runWithReport(world, await publish(world, 'first.xml', FIRST))
  const second = await runWithReport(world, await publish(world, 'second.xml', SECOND))
  for (const query of QUERIES) await world.liWei.get(`/deploy-test-runs/${second}/tests${query}`)
  await runWithReport(world, await publish(world, 'third.xml', THIRD))
  await runWithReport(world, await publish(world, 'empty.xml', {}))
  await runWithReport(world, `${world.neighbours.reportServer.url}/missing/`)
}

async function runWithReport(world: StoryWorld, report_url: string): Promise<number> {
  const { liWei, cds, untilOver, neighbours } = world
  const result = { deploy: { success: true }, test: { report_url } }
  neighbours.testServer.answerNext(POLL, taskAnswer('completed', { result, end_time: '2025-06-18 02:16:54' }))
  const { data } = await liWei.post(`/test-items/${cds}/deploy-test`, {})
  await untilOver(data.run_id)
  await liWei.get(`/deploy-test-runs/${data.run_id}`)
  await liWei.get(`/deploy-test-runs/${data.run_id}/tests`)
  return data.run_id
}

/** Leaves a JUnit report on the report server; answers its address. */
async function publish({ neighbours }: StoryWorld, name: string, tests: Tests): Promise<string> {
  const cases = Object.entries(tests).map(([test, ending], index) => {
    const escaped = test.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    return `<testcase classname="live" name="${escaped}" time="${index}.25">${ENDINGS[ending]}</testcase>`
  })
  const suite = `<testsuite name="cds" timestamp="2025-06-18T02:15:54Z" time="7.5">${cases.join('')}</testsuite>`
  const { root, url } = neighbours.reportServer
  await writeFile(join(root, name), `<?xml version="1.0"?><testsuites>${suite}</testsuites>`)
  return `${url}/${name}`
}
