import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { startNeighbours } from '../neighbours/index.ts'
import { ADMIN_PASSWORD, CORE, coreBuild, LI_WEI, mailEnvironment, startWorld } from '../world/index.ts'
import { logIn, openWindow, ZHANG_HUA } from './browser.ts'

const neighbours = await startNeighbours({ testServer: { canned: true, minPhaseMs: 0 } })
after(() => neighbours.close())
const world = await startWorld({ env: mailEnvironment(neighbours) })

test('from the first start to the first mail', async () => {
  // Nothing is there, and the page says so.
  const liWei = await openWindow(world.url)
  await logIn(liWei, LI_WEI)
  await liWei.getByRole('heading', { name: 'No test items yet' }).waitFor()

  // Zhang Hua, an admin, says where packages are and who tests them.
  const zhangHua = await openWindow(world.url)
  await logIn(zhangHua, ZHANG_HUA, ADMIN_PASSWORD)
  await zhangHua.getByRole('link', { name: 'Settings' }).click()
  await zhangHua.getByLabel('Project name').fill('CDN at work')
  await zhangHua.getByLabel('Package server', { exact: true }).fill(neighbours.packageServer.url)
  await zhangHua.getByLabel('Test server', { exact: true }).fill(neighbours.testServer.url)
  await zhangHua.getByLabel('Longest interval between polls').fill('0.1')
  await zhangHua.getByRole('button', { name: 'Save settings' }).click()
  await zhangHua.getByText('Settings are saved').waitFor()
  assert.match(await zhangHua.title(), /CDN at work/)

  // The builds page has the very command that Jenkins needs; Jenkins posts its first build.
  await zhangHua.getByRole('link', { name: 'Builds' }).click()
  await zhangHua.getByRole('heading', { name: 'Waiting for the first build' }).waitFor()
  const command = await zhangHua.locator('.code').textContent()
  assert.match(command ?? '', /curl .*http:\/\/crat\.example\/api\/v1\/builds/s)
  const { packagePath } = await makeDemoBuild(neighbours.packageServer.root)
  const { status } = await world.anyone.post('/builds', coreBuild(101, { PACKAGE_PATH: packagePath }))
  assert.equal(status, 201)

  // A test item of that job.
  await zhangHua.getByRole('link', { name: 'Tests' }).click()
  await zhangHua.getByLabel('Name', { exact: true }).fill('cds')
  await zhangHua.getByLabel('Jenkins job').selectOption(CORE)
  await zhangHua.getByRole('button', { name: 'Create test item' }).click()
  await zhangHua.getByText('Test item cds is created.').waitFor()

  // Li Wei triggers it, and watches it end without touching anything.
  await liWei.reload()
  await liWei.getByRole('button', { name: 'Trigger cds with build 101' }).click()
  await liWei.waitForURL('**/runs/1')
  await liWei.getByRole('heading', { name: 'Test result' }).waitFor()
  await liWei.getByRole('img', { name: /^Tests: \d+ passed/ }).waitFor()

  // The mail is there, and on the page as it was sent.
  const mail = await neighbours.mailSink.waitForMail()
  assert.deepEqual(mail.recipients, [LI_WEI])
  assert.match(mail.subject ?? '', /cds #101/)
  assert.match(mail.html ?? '', /http:\/\/crat\.example\/runs\/1/)
  await liWei.getByRole('link', { name: 'Read the mail' }).click()
  await liWei.getByRole('heading', { name: mail.subject }).waitFor()
  await liWei.frameLocator('iframe').getByRole('link', { name: 'Open the report' }).waitFor()
})
