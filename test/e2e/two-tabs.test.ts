import { test } from 'node:test'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { LI_WEI, startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const world = await startWorkingWorld()
await world.buildCore()
world.neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))

test('Li Wei watches a run in two tabs and cancels it in one', async () => {
  const first = await openWindow(world.url)
  await logIn(first, LI_WEI)
  await first.getByRole('button', { name: 'Trigger cds' }).click()
  await first.getByText('Test server: testing').first().waitFor()
  const second = await first.context().newPage()
  await second.goto(first.url())
  await second.getByText('Test server: testing').first().waitFor()

  // It asks first; who keeps it has lost nothing.
  await first.getByText('Cancel', { exact: true }).click()
  await first.getByRole('button', { name: 'Keep it' }).click()
  await first.getByText('Cancel', { exact: true }).click()
  await first.getByRole('button', { name: 'Cancel the run' }).click()

  await first.getByText('Run 1 is cancelled.').waitFor()
  await second.getByText('Stopped by li.wei@example.com.').waitFor()
  await second.getByRole('button', { name: 'Run again' }).waitFor()
})

test('Wang Fang sees it too, but cannot cancel what is not hers, and is told why', async () => {
  const chenJie = await world.logIn('chen.jie@example.com')
  const active = await world.trigger(chenJie)
  const queued = await world.trigger(chenJie)
  const wangFang = await openWindow(world.url)
  await logIn(wangFang, WANG_FANG)
  await wangFang.getByRole('link', { name: 'Watch' }).click()
  await wangFang.waitForURL(`**/runs/${active}`)
  await wangFang.getByText('Only chen.jie@example.com or an admin can cancel this run.').waitFor()

  await wangFang.goto(`/runs/${queued}`)
  await wangFang.getByText('Waits for').waitFor()
  await chenJie.post(`/deploy-test-runs/${active}/cancel`)
  await wangFang.getByText('Test server: testing').first().waitFor()
  await chenJie.post(`/deploy-test-runs/${queued}/cancel`)
  await wangFang.getByText('Stopped by chen.jie@example.com.').waitFor()
})
