import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadWork } from '../pipeline/load-work.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const { work, task } = loadWork([])
const world = await startWorkingWorld({ neighbours: { testServer: { protocol: 2, work } } })
await world.buildCore(101)
const id = await world.trigger()
const { point, finish } = await task

test('a load test is drawn as it goes, and its silence is marked', async () => {
  const page = await openWindow(world.url)
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  await logIn(page, WANG_FANG)
  await page.goto(`/runs/${id}`)
  await point(1, 2)
  await page.locator('.load canvas[data-drawn]').waitFor()
  await point(3)
  await page.locator('tr[data-users="3"]').waitFor({ state: 'attached' })
  const silence = page.getByText('No figures for over 4 seconds.')
  assert.ok(await silence.isHidden())
  const before = performance.now()
  await silence.waitFor()
  const took = performance.now() - before
  assert.ok(took < 4_500, `marked after ${took} ms`)
  await point(4)
  await silence.waitFor({ state: 'hidden' })
  finish()
  await page.getByText('All thresholds were kept.').waitFor()
  assert.deepEqual(complaints, [])
})
