import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { ADMIN_PASSWORD, mailEnvironment, openWorld, startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { logIn, openWindow, ZHANG_HUA } from './browser.ts'

const LARGE_PACKAGE = gzipSync(randomBytes(60_000))

// Two web processes on one database: what happens in the first is seen on pages of the second.
const first = await startWorkingWorld()
const env = mailEnvironment(first.neighbours)
const second = await openWorld(first.dataDir, first.databaseUrl, { env })
await first.buildCore(101)
first.neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
const { admin, liWei } = second

async function openTab(window: Page, path: string): Promise<Page> {
  const tab = await window.context().newPage()
  await tab.goto(path)
  await connected(tab)
  return tab
}

/** The page has its line to the server. */
const connected = (tab: Page) => tab.locator('#connection[data-says=""]').waitFor({ state: 'attached' })

test('a change of a run’s state is on every open page of the other process, and says how soon', async t => {
  const window = await openWindow(second.url)
  await logIn(window, WANG_FANG)
  const run = await first.trigger(liWei)
  const tabs = {
    tests: await openTab(window, '/tests'),
    runs: await openTab(window, '/runs'),
    item: await openTab(window, `/tests/${first.cds}`),
    run: await openTab(window, `/runs/${run}`),
  }
  await tabs.run.getByText('Test server: testing').first().waitFor()
  const asked = performance.now()
  await liWei.post(`/deploy-test-runs/${run}/cancel`)
  const took = Object.entries(tabs).map(async ([name, tab]) => {
    await tab.locator('.badge', { hasText: 'Cancelled' }).first().waitFor()
    return [name, Math.round(performance.now() - asked)] as const
  })
  for (const [name, ms] of await Promise.all(took)) {
    t.diagnostic(`cancelled on one process, shown on the ${name} page of the other after ${ms} ms`)
  }
  await window.context().close()
})

test('a download moves on the page, with its rate and the time left', async t => {
  const window = await openWindow(second.url)
  await logIn(window, WANG_FANG)
  first.neighbours.packageServer.answerNext(/^GET .*release\.tgz$/, {
    headers: { 'content-length': `${LARGE_PACKAGE.length}` },
    body: Readable.from(slowly(LARGE_PACKAGE)),
  })
  const run = await first.trigger(liWei, { build_info_id: await first.buildCore(102) })
  await window.goto(`/runs/${run}`)
  const meter = window.locator('.card-accent progress[value]')
  await meter.waitFor()
  let [bytes, at] = [Number(await meter.getAttribute('value')), performance.now()]
  for (let moves = 0; moves < 2; moves += 1) {
    await window.locator(`.card-accent progress[value]:not([value="${bytes}"])`).waitFor()
    const ms = Math.round(performance.now() - at)
    t.diagnostic(`moved on after ${ms} ms`)
    ;[bytes, at] = [Number(await meter.getAttribute('value')), performance.now()]
  }
  assert.match((await window.locator('.card-accent').textContent()) ?? '', /of 60 kB\s.*kB\/s · \d+s left/s)
  await liWei.post(`/deploy-test-runs/${run}/cancel`)
  await window.context().close()
})

/** In six seconds. */
async function* slowly(body: Buffer): AsyncGenerator<Buffer> {
  const part = Math.ceil(body.length / 30)
  for (let sent = 0; sent < body.length; sent += part) {
    yield body.subarray(sent, sent + part)
    await pause(200)
  }
}

test('a tab that is not seen asks for nothing, and catches up when it is', async () => {
  const window = await openWindow(second.url)
  await logIn(window, WANG_FANG)
  await connected(window)
  await show(window, false)
  const asked: string[] = []
  window.on('request', request => asked.push(request.url()))
  const run = await first.trigger(liWei)
  await admin.untilRun(run, ({ status }) => status === 'MONITORING')
  assert.deepEqual(asked, [])
  await show(window, true)
  await window.locator(`a[href="/runs/${run}"]`).first().waitFor()
  await liWei.post(`/deploy-test-runs/${run}/cancel`)
  await window.context().close()
})

const show = (tab: Page, shown: boolean) =>
  tab.evaluate(`Object.defineProperty(document, 'hidden', { value: ${!shown}, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))`)

test('what somebody has typed, where they are and what they have opened survive a change', async () => {
  const window = await openWindow(second.url)
  await logIn(window, ZHANG_HUA, ADMIN_PASSWORD)
  await window.goto(`/tests/${first.cds}`)
  await connected(window)
  await window.locator('#edit [name=description]').fill('Edge cache, nightly')
  const name = window.locator('#edit [name=name]')
  await name.fill('cds, typed half')
  await window.evaluate(`document.querySelector('#edit [name=name]').setSelectionRange(2, 5)`)
  await window.locator('summary', { hasText: 'Clear the history' }).click()
  await name.focus()
  const scrolled = await window.evaluate<number>('scrollY')

  const run = await first.trigger(liWei)
  await window.locator(`a[href="/runs/${run}"]`).first().waitFor()
  await liWei.post(`/deploy-test-runs/${run}/cancel`)
  await window
    .locator('tbody tr', { has: window.locator(`a[href="/runs/${run}"]`) })
    .getByText('Cancelled')
    .waitFor()

  assert.equal(await name.inputValue(), 'cds, typed half')
  assert.equal(await window.locator('#edit [name=description]').inputValue(), 'Edge cache, nightly')
  assert.ok(await window.getByText('Remove all finished runs of cds?').isVisible())
  assert.deepEqual(
    await window.evaluate(
      `(({ name, selectionStart, selectionEnd }) => [name, selectionStart, selectionEnd])(document.activeElement)`,
    ),
    ['name', 2, 5],
  )
  assert.ok(Math.abs((await window.evaluate<number>('scrollY')) - scrolled) < 80)
  await window.context().close()
})

test('without a reload: forms, what they say, and the way back', async () => {
  const window = await openWindow(second.url)
  await logIn(window, WANG_FANG)
  await connected(window)
  await window.evaluate(`document.documentElement.setAttribute('data-same', '')`)
  const same = () => window.locator('html[data-same]').count()

  await window.getByRole('button', { name: 'Trigger cds' }).click()
  await window.waitForURL('**/runs/*')
  const said = window.getByText(/is on its way|in the queue/).first()
  await said.waitFor()
  await window.locator('.flash:focus').waitFor()
  const run = Number(new URL(window.url()).pathname.split('/').pop())
  await window.getByText('Test server: testing').first().waitFor()
  assert.ok(await said.isVisible(), 'what was said stays while the run moves on')

  await window.getByText('Cancel', { exact: true }).click()
  await window.getByRole('button', { name: 'Cancel the run' }).click()
  await window.getByText(`Run ${run} is cancelled.`).waitFor()
  await window.goBack()
  await window.waitForURL('**/tests')
  await window.getByRole('button', { name: 'Trigger cds' }).waitFor()
  assert.match(await window.title(), /^Tests/)
  await window.goForward()
  await window.getByText('Stopped by wang.fang@example.com.').waitFor()
  assert.equal(await same(), 1, 'the document was loaded once')
  await window.context().close()
})

test('a form that is refused keeps its page’s address', async () => {
  const window = await openWindow(second.url)
  await logIn(window, ZHANG_HUA, ADMIN_PASSWORD)
  await window.goto('/builds')
  await window.locator('form[action="/builds/jobs"] [name=job_name]').fill('x'.repeat(300))
  await window.locator('form[action="/builds/jobs"] button').click()
  await window.locator('[aria-invalid=true]:focus').waitFor()
  assert.equal(new URL(window.url()).pathname, '/builds')
  await window.context().close()
})

test('a lost connection is shown, and heals with a fresh look', async t => {
  const port = Number(new URL(second.url).port)
  const window = await openWindow(second.url)
  await logIn(window, WANG_FANG)
  await connected(window)
  await second.crat.stop()
  await window.getByText('Connection lost, trying again').waitFor()
  const chenJie = await first.logIn('chen.jie@example.com')
  const run = await first.trigger(chenJie)
  await openWorld(first.dataDir, first.databaseUrl, { env: { ...env, PORT: `${port}` } })
  const back = performance.now()
  await window.getByText('Connection lost, trying again').waitFor({ state: 'detached' })
  await window.locator(`a[href="/runs/${run}"]`).first().waitFor()
  t.diagnostic(`healed ${Math.round(performance.now() - back)} ms after the server was back`)
  await chenJie.post(`/deploy-test-runs/${run}/cancel`)
  await window.context().close()
})

test('a session that has ended says so, with a link to log in, and asks no more', async () => {
  const window = await openWindow(first.url)
  await logIn(window, 'zhao.min@example.com')
  await connected(window)
  // Of several logins with one address the last one counts.
  const admin = await first.logIn('admin', ADMIN_PASSWORD)
  await (await first.logIn('zhao.min@example.com')).post('/auth/logout')
  await window.context().clearCookies({ name: 'crat_session' })
  await admin.post('/test-items', { name: 'origin' })
  await window.getByText('Your session has ended.').waitFor()
  const asked: string[] = []
  window.on('request', request => asked.push(request.url()))
  await admin.post('/test-items', { name: 'edge' })
  await window.waitForTimeout(2500)
  assert.deepEqual(asked, [])
  await window.locator('#connection').getByRole('link', { name: 'Log in' }).click()
  await window.waitForURL('**/login?next=%2Ftests')
  await window.context().close()
})
