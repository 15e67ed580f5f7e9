import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openTaskLog } from '../../src/runs/run-log.ts'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { makeReport, type Verdict } from '../test-results/test-results-reports.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const world = await startWorkingWorld()
const { reportServer, testServer } = world.neighbours
const { db } = world.crat.ctx
await world.buildCore(101)
const window = await openWindow(world.url, { viewport: { width: 1440, height: 900 } })
await logIn(window, WANG_FANG)

async function append(run: number, text: string, eof = false): Promise<void> {
  const log = openTaskLog(db, { runId: run, index: 0 })
  const position = await log.position()
  await log.append(position, { text, nextOffset: position.offset + Buffer.byteLength(text), eof })
}

/** A run whose tests go on until it is cancelled. */
async function activeRun(): Promise<number> {
  testServer.answerAlways(POLL, taskAnswer('running:test'))
  const run = await world.trigger()
  await world.admin.untilRun(run, ({ status }) => status === 'MONITORING')
  return run
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i} of the player\n`).join('')

/** The lines that are there as elements, in their order. */
const shownLines = (page: Page) => page.locator('.log-window > div').allTextContents()

const untilLast = (page: Page, text: string) =>
  page.locator('.log-window > div:last-child').getByText(text, { exact: true }).waitFor()

test('the log of an active run is followed, paused and goes on after a lost connection', async () => {
  const run = await activeRun()
  await append(run, `${lines(0, 300)}\x1b[31mred \x1b]0;evil\x07<b>\x1b[0m\n`)
  const page = await window.context().newPage()
  await page.goto(`/runs/${run}`)
  await untilLast(page, 'red <b>')
  assert.equal(await page.locator('.log-window .ansi-red').textContent(), 'red <b>')

  await append(run, lines(301, 302))
  await untilLast(page, 'line 301 of the player')
  await page.getByRole('button', { name: 'Auto-scrolling' }).click()
  await append(run, lines(302, 400))
  await page.getByRole('button', { name: 'Auto-scroll · 98 new lines' }).waitFor()
  assert.equal((await shownLines(page)).includes('line 399 of the player'), false)

  await page.context().setOffline(true)
  await append(run, lines(400, 500))
  await page.getByRole('button', { name: /^Auto-scroll ·/ }).click()
  await page.context().setOffline(false)
  await untilLast(page, 'line 499 of the player')
  const shown = await shownLines(page)
  const numbers = shown.map(text => Number(/^line (\d+)/.exec(text)?.[1]))
  assert.deepEqual(
    numbers,
    numbers.map((_, place) => (numbers[0] ?? 0) + place),
    'none is lost, none is there twice',
  )

  await world.liWei.post(`/deploy-test-runs/${run}/cancel`)
  await page.locator('.badge', { hasText: 'Cancelled' }).first().waitFor()
  await page.getByRole('button', { name: 'Auto-scrolling' }).waitFor({ state: 'hidden' })
  await untilLast(page, 'line 499 of the player')
  await page.close()
})

test('200,000 lines are searched, with few elements, and downloaded whole', async t => {
  const run = await activeRun()
  const text = lines(0, 200_000)
  await append(run, text)
  await append(run, `\x1b[32mneedle\x1b[0m at the end\n`, true)
  const page = await window.context().newPage()
  const response = await page.goto(`/runs/${run}`)
  assert.ok(((await response?.body())?.length ?? 0) < 200_000)
  await untilLast(page, 'needle at the end')

  const begun = performance.now()
  await page.getByLabel('Search the log').fill('LINE 1234')
  await page.evaluate(`document.querySelector('.log').scrollTop = 0`)
  await page.getByText('1 of 111', { exact: true }).waitFor()
  t.diagnostic(`200,000 lines read and searched in ${Math.round(performance.now() - begun)} ms`)
  await page.locator('[aria-current]', { hasText: 'line 1234 of' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('2 of 111', { exact: true }).waitFor()
  await page.locator('[aria-current]', { hasText: 'line 12340 of' }).waitFor()
  await page.getByRole('button', { name: 'Previous match' }).click()
  await page.getByText('1 of 111', { exact: true }).waitFor()
  assert.ok((await page.locator('.log-window > div').count()) < 200)
  await page.getByLabel('Search the log').fill('no such line')
  await page.getByText('No match', { exact: true }).waitFor()
  await page.evaluate(`document.querySelector('.log').scrollTop = 0`)
  await page.locator('.log-window > div:first-child', { hasText: /^line 0 of/ }).waitFor()

  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download the log' }).click()
  const download = await downloading
  assert.equal(download.suggestedFilename(), `run-${run}.log`)
  const body = await (await page.request.get(`/runs/${run}/log.txt`)).text()
  assert.ok(body === `${text}\x1b[32mneedle\x1b[0m at the end\n`)
  await world.liWei.post(`/deploy-test-runs/${run}/cancel`)
  await page.close()
})

test('a failed run says on one screen what failed, and a page that is shown is not fetched again', async () => {
  testServer.behave()
  const verdicts: Record<string, Verdict> = {
    login: 'failed',
    seek: 'broken',
    live: 'passed',
    dash: 'skipped',
  }
  await makeReport(reportServer.root, 'failed', verdicts)
  const url = `${reportServer.url}/failed/`
  testServer.answerNext(
    POLL,
    taskAnswer('completed', { result: { deploy: { success: true }, test: { report_url: url } } }),
  )
  const run = await world.trigger()
  await world.admin.untilFinished(run)
  const page = await window.context().newPage()
  await page.goto(`/runs/${run}`)
  await page.getByText('Sent', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Kept here' }).waitFor()
  await page.reload()
  await page.locator('#connection[data-says=""]').waitFor({ state: 'attached' })
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).pathname))
  for (const name of ['login', 'seek']) {
    const line = page.locator('.failure > summary', { hasText: name })
    const box = await line.boundingBox()
    assert.ok(box && box.y + box.height < 900, `${name} is on the first screen`)
  }
  assert.equal(
    await page.locator('.doughnut-middle .figure').textContent(),
    '33.3%',
    'skipped tests do not count',
  )
  await page.locator('.failure > summary', { hasText: 'login' }).click()
  await page.getByText('Traceback').first().waitFor()

  const inReport = page.getByRole('link', { name: 'Show login in the report' })
  const report = await window.context().newPage()
  await report.goto((await inReport.getAttribute('href')) ?? '')
  await report.getByText('login: <b>404</b>').first().waitFor()
  await report.close()

  assert.deepEqual(
    asked.filter(path => path === `/runs/${run}`),
    [],
  )
  await page.close()
})
