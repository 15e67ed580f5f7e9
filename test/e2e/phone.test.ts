import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LI_WEI, startWorkingWorld } from '../world/index.ts'
import { openWindow } from './browser.ts'

const world = await startWorkingWorld()
await world.buildCore()

test('the whole main job on a phone', async () => {
  const phone = await openWindow(world.url, {
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 3,
    isMobile: true,
    hasTouch: true,
  })
  await phone.goto('/')
  await phone.getByLabel('E-mail address').fill(LI_WEI)
  await phone.getByRole('button', { name: 'Log in' }).tap()
  await phone.waitForURL('**/tests')
  for (const place of ['Runs', 'Builds', 'Parameters', 'Settings', 'Tests']) {
    await phone.getByRole('link', { name: place, exact: true }).tap()
    await phone.getByRole('heading', { level: 1 }).waitFor()
  }

  await phone.getByRole('button', { name: 'Trigger cds' }).tap()
  await phone.waitForURL('**/runs/1')
  const result = phone.getByRole('region', { name: 'Test result' })
  await result.waitFor()
  const top = await result.boundingBox()
  assert.ok(top && top.y < 740, 'the answer is on the first screen')
  await phone.getByRole('link', { name: 'Read the mail' }).tap()
  await phone.getByRole('heading', { level: 1, name: /cds #101/ }).waitFor()

  // Fingers are not pointers: what is pressed is large enough.
  await phone.goto('/tests')
  const small = await phone.evaluate<string[]>(`
    [...document.querySelectorAll('button, summary, .btn, nav a')]
      .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24))
      .map(([text, { width, height }]) => text + ' ' + width + ' × ' + height)`)
  assert.deepEqual(small, [])
})
