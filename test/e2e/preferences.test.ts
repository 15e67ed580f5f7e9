import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { LI_WEI, startWorld } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const world = await startWorld()

const ground = (page: Page) =>
  page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
const language = (page: Page) => page.locator('html').getAttribute('lang')

test('a language and a theme stay, over pages and logins', async () => {
  const liWei = await openWindow(world.url, { colorScheme: 'light' })
  await logIn(liWei, LI_WEI)
  const light = await ground(liWei)
  await liWei.goto('/runs?status=PENDING')

  await liWei.locator('[data-menu] > summary').click()
  await liWei.getByRole('button', { name: '简体中文' }).click()
  await liWei.getByRole('heading', { name: '运行', level: 1 }).waitFor()
  assert.match(liWei.url(), /\/runs\?status=PENDING$/, 'where they were')
  await liWei.locator('[data-menu] > summary').click()
  await liWei.getByRole('button', { name: '深色' }).click()
  await liWei.locator('html[data-theme=dark]').waitFor()
  const dark = await ground(liWei)
  assert.notEqual(dark, light)

  for (const path of ['/tests', '/builds', '/settings']) {
    await liWei.goto(path)
    assert.deepEqual([await language(liWei), await ground(liWei)], ['zh-CN', dark], path)
  }

  await liWei.locator('[data-menu] > summary').click()
  await liWei.getByRole('button', { name: '退出登录' }).click()
  await liWei.waitForURL('**/login')
  assert.deepEqual([await language(liWei), await ground(liWei)], ['zh-CN', dark])
  await logIn(liWei, LI_WEI)
  assert.deepEqual([await language(liWei), await ground(liWei)], ['zh-CN', dark])
})

test('who chose nothing gets what the browser and the system say', async () => {
  const chinese = await openWindow(world.url, { locale: 'zh-CN', colorScheme: 'dark' })
  await chinese.goto('/login')
  const german = await openWindow(world.url, { locale: 'de-DE', colorScheme: 'light' })
  await german.goto('/login')
  assert.equal(await language(chinese), 'zh-CN')
  assert.equal(await language(german), 'en')
  assert.notEqual(await ground(chinese), await ground(german))

  // A theme that was chosen is given back to the system.
  await chinese.locator('[data-menu] > summary').click()
  await chinese.getByRole('button', { name: '浅色' }).click()
  await chinese.locator('html[data-theme=light]').waitFor()
  assert.equal(await ground(chinese), await ground(german))
  await chinese.locator('[data-menu] > summary').click()
  await chinese.getByRole('button', { name: '跟随系统' }).click()
  await chinese.locator('html:not([data-theme])').waitFor()
  assert.notEqual(await ground(chinese), await ground(german))
})

test('times are in the reader’s zone from the first page with a time on', async () => {
  await world.anyone.post('/builds', { JOB_NAME: 'CDN/Core', BUILD_NUMBER: 101, PACKAGE_PATH: 'a' })
  const wangFang = await openWindow(world.url, { timezoneId: 'Asia/Shanghai' })
  await logIn(wangFang, 'wang.fang@example.com')
  await wangFang.goto('/builds')
  const time = wangFang.locator('table time').first()
  assert.match((await time.getAttribute('title')) ?? '', /GMT\+8$/)
  assert.equal(await time.textContent(), 'now')
})
