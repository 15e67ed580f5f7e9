import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const MAX_BYTES = 200_000

const world = await startWorkingWorld()
await world.buildCore(101)
const runs: number[] = []
for (let count = 0; count < 3; count += 1) {
  const run = await world.trigger()
  await world.admin.untilFinished(run)
  runs.push(run)
}
const [oldest, middle, newest] = runs
const item = `/tests/${world.cds}`

async function open(path: string, options = {}): Promise<{ page: Page; complaints: string[] }> {
  const page = await openWindow(world.url, options)
  const complaints: string[] = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  await logIn(page, WANG_FANG)
  await page.goto(path)
  return { page, complaints }
}

/** How many colours a canvas shows: one that was not drawn on has one. */
const coloursOf = (page: Page) =>
  page.evaluate<number>(`(canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return new Set(new Uint32Array(data.buffer)).size
  })(document.querySelector('canvas[data-drawn]'))`)

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a run’s doughnut is drawn over the picture, with a table behind it: ${colorScheme}`, async () => {
    const { page, complaints } = await open(`/runs/${newest}`, { colorScheme })
    const canvas = page.locator('.doughnut canvas[data-drawn]')
    await canvas.waitFor()
    assert.match((await canvas.getAttribute('aria-label')) ?? '', /\d+ passed/)
    assert.ok(await page.locator('.doughnut svg').isHidden())
    assert.ok((await coloursOf(page)) > 2)
    assert.match((await page.locator('.doughnut table').textContent()) ?? '', /passed\s*\d+/)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })
}

test('an item’s trend leads to its runs by mouse and by keyboard', async () => {
  const { page, complaints } = await open(item)
  const canvas = page.locator('.trend canvas[data-drawn]')
  await canvas.waitFor()
  assert.ok((await coloursOf(page)) > 2)
  const { width = 0, height = 0 } = (await canvas.boundingBox()) ?? {}
  await canvas.click({ position: { x: width - 30, y: height / 2 } })
  await page.waitForURL(`**/runs/${newest}`)
  await page.goBack()

  await canvas.waitFor()
  await page.getByRole('button', { name: 'Trigger' }).focus()
  for (let presses = 0; presses < 5 && !(await page.locator('canvas:focus').count()); presses += 1) {
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('ArrowLeft')
  await page.getByText(`Run ${middle}, build 101`).first().waitFor({ state: 'attached' })
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/runs/${oldest}`)
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('a new run is drawn as soon as it has ended; the table says the same', async () => {
  const { page } = await open(item)
  const rows = page.locator('.chart tbody tr')
  const before = await rows.count()
  const run = await world.trigger()
  await page.locator(`.chart a[href="/runs/${run}"]`).waitFor({ state: 'attached' })
  assert.equal(await rows.count(), before + 1)
  await page.getByText('The figures as a table').click()
  await page.locator(`.chart a[href="/runs/${run}"]`).click()
  await page.waitForURL(`**/runs/${run}`)
  await page.context().close()
})

test('without scripts the server’s picture and the table are there', async () => {
  const { page } = await open(item, { javaScriptEnabled: false })
  assert.ok(await page.locator('.trend svg').isVisible())
  assert.ok(await page.locator('.trend canvas').isHidden())
  await page.getByText('The figures as a table').click()
  assert.ok(await page.locator(`.chart a[href="/runs/${newest}"]`).isVisible())
  await page.context().close()
})

test('Chart.js comes only where something is drawn, and the page stays light', async t => {
  const page = await openWindow(world.url)
  await logIn(page, WANG_FANG)
  for (const [path, draws] of [
    ['/tests', false],
    [item, true],
    [`/runs/${newest}`, true],
  ] as const) {
    const { bytes, charts } = await weigh(page, path)
    t.diagnostic(`${path}: ${bytes} bytes over the wire`)
    assert.equal(charts, draws)
    assert.ok(bytes < MAX_BYTES, `${path}: ${bytes}`)
  }
  await page.context().close()
})

/** What a browser with an empty cache fetches. */
async function weigh(window: Page, path: string): Promise<{ bytes: number; charts: boolean }> {
  const page = await window.context().newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  let charts = false
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  page.on('request', request => {
    charts ||= request.url().includes('/charts.js')
  })
  await page.goto(path)
  await page.locator(path === '/tests' ? '#connection[data-says=""]' : 'canvas[data-drawn]').waitFor({
    state: 'attached',
  })
  await page.close()
  return { bytes, charts }
}
