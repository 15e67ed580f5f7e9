import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { ADMIN_PASSWORD, coreBuild, LI_WEI, startWorkingWorld, startWorld } from '../world/index.ts'
import { logIn, openWindow, ZHANG_HUA } from './browser.ts'

const world = await startWorkingWorld()
await world.buildCore(101)
const run = await world.trigger()
await world.liWei.untilFinished(run)

const chosen = (page: Page) => page.locator('#palette [aria-selected=true]')
const field = (page: Page) => page.locator('#palette [role=combobox]')

test('everything is found and opened by keyboard', async () => {
  const page = await openWindow(world.url, { viewport: { width: 360, height: 740 } })
  await logIn(page, 'wang.fang@example.com')
  await page.keyboard.press('Control+k')
  await field(page).waitFor()
  assert.match(
    (await chosen(page).textContent()) ?? '',
    /Theme: Light/,
    'what can be done, before anything is typed',
  )

  await page.keyboard.type('cd')
  await page.getByText('Found: ').waitFor()
  assert.match((await chosen(page).textContent()) ?? '', /cds.*Test item/s)
  assert.equal(await field(page).getAttribute('aria-activedescendant'), await chosen(page).getAttribute('id'))
  await page.keyboard.press('ArrowUp')
  assert.match((await chosen(page).textContent()) ?? '', /Trigger cds/, 'from the first to the last')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'cds' }).waitFor()
  await until(page, 'document.activeElement.textContent.includes("Trigger")')

  // What was opened comes first; an answer that came too late changes nothing.
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  await page.keyboard.press('/')
  await field(page).waitFor()
  assert.match((await chosen(page).textContent()) ?? '', /cds.*Recent/s)
  await page.keyboard.type(`#${run}`)
  await page.locator('#palette .result', { hasText: `Run ${run}` }).waitFor()
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
  await page.keyboard.press('Escape')
  await field(page).waitFor({ state: 'hidden' })

  await page.keyboard.press('j')
  await page.keyboard.press('o')
  await page.waitForURL(`**/runs/${run}`)
})

test('single keys are for those who want them, and never for a field', async () => {
  const page = await openWindow(world.url)
  await logIn(page, 'chen.jie@example.com')
  await page.keyboard.press('Shift+?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await sheet.waitFor()
  await sheet.getByRole('button', { name: 'Turn single keys off' }).click()
  await page.waitForLoadState()
  await page.keyboard.press('Shift+?')
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.keyboard.press('Control+k')
  await field(page).waitFor()
  assert.ok(!(await sheet.isVisible()))
  await page.keyboard.type('g?/')
  assert.equal(await field(page).inputValue(), 'g?/')
  await page.keyboard.press('Escape')
  await page.locator('[data-menu] > summary').click()
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  await sheet.getByRole('button', { name: 'Turn single keys on' }).click()
  await page.waitForLoadState()
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.getByRole('heading', { level: 1, name: 'Builds' }).waitFor()
})

/** What the browser was asked to show, by all tabs. */
const RECORD = `window.Notification = class extends EventTarget {
  static get permission() { return sessionStorage.permission ?? 'granted' }
  static async requestPermission() { return this.permission }
  constructor(title, { body, tag }) { super(); notified({ title, body, tag }) }
}`

/** Not page.waitForFunction(): it would need `unsafe-eval`. */
async function until(page: Page, expression: string): Promise<void> {
  while (!(await page.evaluate(expression))) await page.evaluate('new Promise(requestAnimationFrame)')
}

/** The runs of which a tab knows that they have ended. */
const ASKED =
  'JSON.parse(localStorage[Object.keys(localStorage).find(key => key.startsWith("crat-ended"))] ?? "null")?.ids'

test('one notification says that one’s own run has ended, however many tabs are open', async () => {
  const page = await openWindow(world.url)
  const shown: { title: string; body: string; tag: string }[] = []
  const context = page.context()
  await context.exposeFunction('notified', (notification: (typeof shown)[number]) => shown.push(notification))
  await context.addInitScript(RECORD)
  await logIn(page, LI_WEI)
  const liWei = world.liWei

  const toggle = page.getByRole('switch', { name: 'Notify me here when my run ends' })
  await page.locator('[data-menu] > summary').click()
  await page.evaluate('sessionStorage.permission = "denied"')
  await toggle.click()
  await page.getByText('This browser refuses notifications').waitFor()
  await page.evaluate('sessionStorage.permission = "granted"')
  await toggle.click()
  await page.locator('[role=switch][aria-checked=true][name=notify]').waitFor({ state: 'attached' })
  await until(page, ASKED)
  const [seeing, other] = [await context.newPage(), await context.newPage()]
  for (const tab of [seeing, other]) await tab.goto('/settings')

  const first = await world.trigger(liWei)
  await until(page, `(${ASKED})?.includes(${first})`)
  // The tab that led goes, another one leads; and nobody is notified of what they see.
  await page.close()
  world.neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
  const second = await world.trigger(liWei)
  await seeing.goto(`/runs/${second}`)
  await seeing.getByText('Test server: testing').first().waitFor()
  await liWei.post(`/deploy-test-runs/${second}/cancel`)
  await until(other, `(${ASKED})?.includes(${second})`)
  await seeing.goto('/runs')
  const third = await world.trigger(liWei)
  await liWei.post(`/deploy-test-runs/${third}/cancel`)
  while (shown.length < 2) await until(other, `(${ASKED})?.includes(${third})`)
  assert.deepEqual(
    shown.map(({ title, tag }) => [title, tag]),
    [
      ['cds #101: Passed', `crat-run-${first}`],
      ['cds #101: Cancelled', `crat-run-${third}`],
    ],
  )
  assert.match(shown[0]?.body ?? '', /^\d+ of \d+ tests passed, 0 failed\.$/)
})

test('an empty CRAT is led to its first build, which arrives on the open page', async () => {
  const empty = await startWorld()
  const page = await openWindow(empty.url)
  await logIn(page, ZHANG_HUA, ADMIN_PASSWORD)
  await page.getByRole('link', { name: 'Go on with the set-up' }).click()
  const step = (name: string) => page.getByRole('region', { name })
  await step('1. Package server').getByLabel('Package server').fill(world.neighbours.packageServer.url)
  await step('1. Package server').getByRole('button', { name: 'Save and check' }).click()
  await step('1. Package server').getByText('The listing can be read').waitFor()
  await step('2. Test server').getByLabel('Test server').fill(world.neighbours.testServer.url)
  await step('2. Test server').getByRole('button', { name: 'Save and check' }).click()
  await step('2. Test server').getByText('default answered in').waitFor()
  await step('4. First build').getByText('Waiting for the first build').waitFor()
  await empty.anyone.post('/builds', coreBuild(101))
  await step('4. First build').getByText('Build CDN/Core #101 arrived').waitFor()
  await step('5. First test item').getByLabel('Name', { exact: true }).fill('cds')
  await step('5. First test item').getByRole('button').click()
  await step('6. First run').getByRole('button', { name: 'Trigger cds with build 101' }).click()
  await page.getByRole('heading', { name: 'cds #101' }).waitFor()
})
