import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { LI_WEI, startWorkingWorld } from '../world/index.ts'
import { openWindow } from './browser.ts'

const world = await startWorkingWorld()
await world.buildCore(100)
await world.buildCore(101)

test('the whole main job by keyboard alone', async () => {
  const page = await openWindow(world.url)
  await page.goto('/')

  // The address is where one begins to type.
  await page.keyboard.type(LI_WEI)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/tests')

  // Past the navigation in one step.
  await tabTo(page, 'Skip to the content')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'main')

  // Another build: the job's page, Select, back to the item.
  await tabTo(page, 'CDN/Core')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'CDN/Core' }).waitFor()
  await tabTo(page, 'Select build 101')
  await page.keyboard.press('Enter')
  await page.getByText('Build 101 of CDN/Core is selected.').waitFor()
  await tabTo(page, 'cds')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'cds' }).waitFor()
  await tabTo(page, 'Trigger')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'cds #101' }).waitFor()
  await page.getByRole('region', { name: 'Test result' }).waitFor()

  // Again, and cancelled: it asks first, Escape keeps it.
  world.neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
  await tabTo(page, 'Run again')
  await page.keyboard.press('Enter')
  await page.getByText('Test server: testing').first().waitFor()
  await tabTo(page, 'Cancel')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Cancel the run' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Cancel the run' }).waitFor({ state: 'hidden' })
  assert.match(await focused(page), /^Cancel/, 'back where one was')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Cancel the run')
  await page.keyboard.press('Enter')
  await page.getByText('Stopped by li.wei@example.com.').waitFor()
})

test('language and theme by keyboard', async () => {
  const page = await openWindow(world.url)
  await page.goto('/login')
  await page.keyboard.press('Shift+Tab')
  assert.match(await focused(page), /Account, language and theme/)
  await page.keyboard.press('Enter')
  await tabTo(page, '简体中文')
  await page.keyboard.press('Enter')
  await page.locator('html[lang=zh-CN]').waitFor()
})

/** Presses Tab until what is so called has the focus; everything on the way shows that it has it. */
async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = []
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab')
    const called = await focused(page)
    seen.push(called)
    if (called) assert.ok(await showsFocus(page), `one cannot see that "${called}" has the focus`)
    if (called === name || called.startsWith(`${name} `)) return
  }
  assert.fail(`Tab never comes to "${name}", only to: ${seen.join(' | ')}`)
}

/** What is read of the element with the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const { activeElement: at } = document
    if (at === document.body) return ''
    return (at.getAttribute('aria-label') ?? (at.innerText || at.textContent)).trim().replace(/\\s+/g, ' ')
  })()`)
}

function showsFocus(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const { activeElement: at } = document
    const style = getComputedStyle(at)
    const { width, height, bottom, right } = at.getBoundingClientRect()
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    return (outlined || style.boxShadow !== 'none') && width > 1 && height > 1 && bottom > 0 && right > 0
  })()`)
}
