import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN_PASSWORD, CORE, LI_WEI, startWorkingWorld } from '../world/index.ts'
import { logIn, openWindow, ZHANG_HUA } from './browser.ts'

const world = await startWorkingWorld()
await world.buildCore()

test('an admin sets up an item with its own parameter set', async () => {
  const zhangHua = await openWindow(world.url)
  await logIn(zhangHua, ZHANG_HUA, ADMIN_PASSWORD)

  await zhangHua.getByRole('link', { name: 'Parameters' }).click()
  await zhangHua.getByRole('link', { name: 'New parameter set' }).click()
  await zhangHua.getByLabel('Name', { exact: true }).fill('cds only deployed')
  await zhangHua.getByLabel('test_path').fill('deploy')

  // What cannot be JSON comes back with everything that was typed.
  await zhangHua.getByLabel('Further parameters').fill('{"retries": 3')
  await zhangHua.getByRole('button', { name: 'Create parameter set' }).click()
  await zhangHua.getByText('This is not a JSON object').waitFor()
  assert.equal(await zhangHua.getByLabel('test_path').inputValue(), 'deploy')
  await zhangHua.getByLabel('Further parameters').fill('{"retries": 3}')
  await zhangHua.getByRole('button', { name: 'Create parameter set' }).click()
  await zhangHua.getByText('Parameter set cds only deployed is created.').waitFor()

  // A second version, with its difference to the first.
  await zhangHua.getByLabel('install_dir').fill('/opt/cds')
  await zhangHua.getByLabel('Further parameters').fill('')
  await zhangHua.getByRole('button', { name: 'Save as a new version' }).click()
  await zhangHua.getByText('Parameter set cds only deployed is saved.').waitFor()
  const newest = zhangHua.getByRole('region', { name: 'Versions' }).getByRole('listitem').first()
  const changes = (await newest.locator('.diff > span').allTextContents()).join('\n')
  assert.match(changes, /^- retries: 3$/m)
  assert.match(changes, /^\+ install_dir: "\/opt\/cds"$/m)

  // The item that uses it.
  await zhangHua.getByRole('link', { name: 'Tests', exact: true }).click()
  await zhangHua.getByRole('heading', { name: 'New test item' }).waitFor()
  await zhangHua.getByLabel('Name', { exact: true }).fill('cds-5.3.9')
  await zhangHua.getByLabel('Jenkins job').selectOption(CORE)
  await zhangHua.getByLabel('Parameter set').selectOption('cds only deployed')
  await zhangHua.getByRole('button', { name: 'Create test item' }).click()
  await zhangHua.getByText('Test item cds-5.3.9 is created.').waitFor()
  await zhangHua.getByRole('link', { name: 'Parameters' }).click()
  await zhangHua.getByRole('link', { name: 'cds only deployed' }).click()
  await zhangHua.getByRole('region', { name: 'Used by' }).getByRole('link', { name: 'cds-5.3.9' }).click()

  // Li Wei's run of it deploys, and tests nothing.
  const liWei = await openWindow(world.url)
  await logIn(liWei, LI_WEI)
  await liWei.getByRole('button', { name: 'Trigger cds-5.3.9 with' }).click()
  await liWei.getByText('The package is deployed. This parameter set asks for no tests.').waitFor()
  await liWei.getByText('Parameters sent').click()
  const sent = liWei.getByRole('group').filter({ hasText: 'Parameters sent' }).locator('pre')
  assert.match((await sent.textContent()) ?? '', /"install_dir": "\/opt\/cds"/)
})
