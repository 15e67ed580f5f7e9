import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAPABILITIES, json, POLL, taskAnswer } from '../neighbours/test-server.ts'
import { makeReport, type Verdict } from '../test-results/test-results-reports.ts'
import { LI_WEI, startWorkingWorld } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const world = await startWorkingWorld({ neighbours: { testServer: { canned: true, protocol: 2 } } })
const { reportServer, testServer } = world.neighbours
await world.buildCore(101)

async function runWith(name: string, tests: Record<string, Verdict>): Promise<number> {
  await makeReport(reportServer.root, name, tests)
  const result = { deploy: { success: true }, test: { report_url: `${reportServer.url}/${name}/` } }
  testServer.answerNext(CAPABILITIES, json({ protocol: 2, features: [] }))
  testServer.answerNext(POLL, taskAnswer('completed', { result }))
  return (await world.liWei.untilFinished(await world.trigger())).id
}

const before = await runWith('before', { login: 'passed', seek: 'passed' })
const after = await runWith('after', { login: 'passed', seek: 'failed' })

test('from a run beside the one before it to a test, and to the report that is kept', async () => {
  const page = await openWindow(world.url)
  await logIn(page, LI_WEI)
  await page.goto(`/runs/${after}`)
  await page.getByRole('link', { name: 'Compare', exact: true }).click()
  await page.getByRole('heading', { name: `Run ${before} beside run ${after}` }).waitFor()
  await page.getByRole('region', { name: 'New failures' }).getByRole('link', { name: 'seek' }).click()
  await page.getByRole('heading', { name: 'seek', exact: true }).waitFor()
  await page.locator('canvas[data-drawn]').waitFor()

  // The page of the run shows by itself that the report is kept.
  await page.goto(`/runs/${after}`)
  await page.getByRole('link', { name: 'The original' }).waitFor()
  await page.goto(`/runs/${after}/report`)
  await page.getByText('seek').first().click()
  await page.getByText('seek: <b>404</b>').first().waitFor()
  const reach = await page.evaluate(async () => ({
    origin: (globalThis as { origin?: string }).origin,
    api: await fetch('/api/v1/auth/me').then(
      answer => answer.status,
      () => 'refused',
    ),
  }))
  assert.deepEqual(reach, { origin: 'null', api: 'refused' })
  await assert.rejects(page.evaluate('document.cookie'), /sandboxed/)
})
