import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN_PASSWORD, CORE, LI_WEI, startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { logIn, openWindow, ZHANG_HUA } from './browser.ts'

const world = await startWorkingWorld()
const { admin, cds } = world
await world.buildCore(101)
const newest = await world.buildCore(104)
const selected = async () =>
  (await admin.get(`/job-versions/${encodeURIComponent(CORE)}`)).body.selected_build.build_number
const runAt = async (url: string) =>
  (await admin.get(`/deploy-test-runs/${/\/runs\/(\d+)/.exec(url)?.[1]}`)).body.data

test('Li Wei sees that a newer build came in, tests it, and then takes it', async () => {
  const liWei = await openWindow(world.url)
  await logIn(liWei, LI_WEI)
  await liWei.getByText('1 newer').waitFor()
  await liWei.getByText('Auto-sync takes the newest').waitFor()
  await liWei.getByRole('button', { name: 'Test #104 with cds, without selecting it' }).click()
  await liWei.getByRole('heading', { name: 'cds #104' }).waitFor()
  assert.equal(await selected(), 101)
  await liWei.getByText('Passed').first().waitFor()

  await liWei.goto('/tests')
  await liWei.getByText('Result of #104, not of the selected #101').waitFor()
  await liWei.getByRole('button', { name: `Take #104: select it for ${CORE}` }).click()
  await liWei.getByText(`Build 104 of ${CORE} is selected.`).waitFor()
  await liWei.getByText('1 newer').waitFor({ state: 'detached' })
  assert.equal(await selected(), 104)
})

test('Wang Fang chooses a build and a value for one run; her session ends, and nothing is lost', async () => {
  const wangFang = await openWindow(world.url)
  await logIn(wangFang, WANG_FANG)
  await wangFang.getByRole('link', { name: 'Choose the build and values for cds' }).click()
  await wangFang.getByRole('heading', { name: 'Trigger cds' }).waitFor()
  await wangFang.getByLabel('test_path').fill('smoke')
  await wangFang.getByLabel('Find another build').fill('#101')
  await wangFang.getByRole('button', { name: 'Find' }).click()
  await wangFang.locator('[name=q][value="#101"]').waitFor()
  await wangFang.getByRole('radio', { name: '#101' }).check()
  assert.equal(await wangFang.getByLabel('test_path').inputValue(), 'smoke')

  await admin.endSessionsOf(WANG_FANG)
  await wangFang.getByRole('button', { name: 'Trigger' }).click()
  await wangFang.waitForURL('**/login?next=*')
  await wangFang.locator('[name=email]').fill(WANG_FANG)
  await wangFang.locator('form[action="/login"] .btn-loud').click()
  await wangFang.getByText('… trigger a test.').waitFor()
  await wangFang.getByRole('button', { name: 'Do it now' }).click()
  await wangFang.getByRole('heading', { name: 'cds #101' }).waitFor()
  const { parameters, triggered_by } = await runAt(wangFang.url())
  assert.deepEqual([parameters.test_path, triggered_by], ['smoke', WANG_FANG])
})

test('a page from before a new login offers what it was to do', async () => {
  const chenJie = await openWindow(world.url)
  await logIn(chenJie, 'chen.jie@example.com')
  await chenJie.goto(`/builds/${newest}/test`)
  const other = await chenJie.context().newPage()
  await other.context().clearCookies({ name: 'crat_session' })
  await logIn(other, 'chen.jie@example.com')
  await chenJie.getByRole('button', { name: 'Trigger cds with build 104' }).click()
  await chenJie.getByRole('button', { name: 'Do it now' }).click()
  await chenJie.getByRole('heading', { name: 'cds #104' }).waitFor()
})

test('Zhang Hua is told that the item was changed while she typed, and decides', async () => {
  const zhangHua = await openWindow(world.url)
  await logIn(zhangHua, ZHANG_HUA, ADMIN_PASSWORD)
  await zhangHua.goto(`/tests/${cds}`)
  await zhangHua.getByLabel('Description').fill('hers')
  await admin.put(`/test-items/${cds}`, { description: 'his' })
  await zhangHua.getByRole('button', { name: 'Save changes' }).click()
  const changed = zhangHua.getByRole('region', { name: 'What someone else changed' })
  await changed.getByText('his', { exact: true }).waitFor()
  await changed.getByText('hers', { exact: true }).waitFor()
  await zhangHua.getByRole('button', { name: 'Save changes' }).click()
  await zhangHua.getByText('Test item cds is saved.').waitFor()
  assert.equal((await admin.get(`/test-items/${cds}`)).body.data.description, 'hers')
})
