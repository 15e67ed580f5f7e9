import assert from 'node:assert/strict'
import { test } from 'node:test'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { ADMIN_PASSWORD, CORE, LI_WEI, startWorkingWorld } from '../world/index.ts'
import { logIn, openWindow, ZHANG_HUA } from './browser.ts'

const world = await startWorkingWorld()
const options = { javaScriptEnabled: false }

test('the whole main job without scripts', async () => {
  await world.buildCore(100)
  await world.buildCore(101)
  const page = await openWindow(world.url, options)
  await logIn(page, LI_WEI)

  await page.getByRole('link', { name: CORE }).click()
  await page.getByRole('button', { name: 'Select build 101' }).click()
  await page.getByText(`Build 101 of ${CORE} is selected.`).waitFor()
  await page.getByRole('button', { name: 'Turn off' }).click()
  await page.getByText(`Auto-sync of ${CORE} is off.`).waitFor()
  await page.getByRole('button', { name: 'Take the newest' }).click()
  await page.getByText(`${CORE} is at build 101, its newest.`).waitFor()

  await page.getByRole('link', { name: 'cds', exact: true }).click()
  await page.getByRole('button', { name: 'Trigger' }).click()
  await page.getByText('Run 1 is on its way.').waitFor()
  await world.neighbours.mailSink.waitForMail()
  await page.reload()
  await page.getByRole('img', { name: /^Tests: \d+ passed/ }).waitFor()
  await page.getByRole('link', { name: 'Read the mail' }).click()
  await page.frameLocator('iframe').getByRole('link', { name: 'Open the report' }).waitFor()

  // Again, and cancelled.
  world.neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
  await page.goto('/runs/1')
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByText('Cancel', { exact: true }).click()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await page.getByText('Run 2 is cancelled.').waitFor()

  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByLabel('State').selectOption('Cancelled')
  await page.getByRole('button', { name: 'Filter' }).click()
  assert.equal(await page.getByRole('table').getByRole('link', { name: 'cds' }).count(), 1)

  await page.locator('[data-menu] > summary').click()
  await page.getByRole('button', { name: '简体中文' }).click()
  await page.getByRole('heading', { level: 1, name: '运行' }).waitFor()
  await page.locator('[data-menu] > summary').click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.waitForURL('**/login')
})

test('every form of an admin without scripts', async () => {
  const page = await openWindow(world.url, options)
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor()
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  /** What cannot be undone is folded away and asks. */
  const confirm = async (ask: string, yes: string) => {
    await page.locator('summary').filter({ hasText: ask }).click()
    await press(yes)
  }
  await logIn(page, ZHANG_HUA, ADMIN_PASSWORD)

  // Parameter sets.
  await page.goto('/parameter-sets/new')
  await page.getByLabel('Name', { exact: true }).fill('full')
  await press('Create parameter set')
  await says('Parameter set full is created.')
  await page.getByLabel('upgrade_type').fill('incremental')
  await press('Save as a new version')
  await says('Parameter set full is saved.')
  await says('+ upgrade_type: "incremental"')

  // Jobs and builds.
  await page.goto('/builds')
  await page.getByLabel('Jenkins job').fill('Web/Portal')
  await press('Add job')
  await says('Job Web/Portal is added.')
  await confirm('Delete the job', 'Delete the job')
  await says('Job Web/Portal is deleted.')
  await page.goto(`/builds?job_name=${encodeURIComponent(CORE)}`)
  await page.getByRole('row').filter({ hasText: '#100' }).locator('summary').click()
  await press('Delete the build')
  await says(`Build 100 of ${CORE} is deleted.`)
  await confirm('Prune builds', 'Prune builds')
  await says(/kept: 1/)

  // Test items.
  await page.goto('/tests')
  await page.getByLabel('Name', { exact: true }).fill('sds')
  await page.getByLabel('Parameter set').selectOption('full')
  await press('Create test item')
  await says('Test item sds is created.')
  await page.getByRole('link', { name: 'Link a job' }).click()
  await page.getByLabel('Jenkins job').selectOption(CORE)
  await page.getByLabel('Mail the result').uncheck()
  await press('Save changes')
  await says('Test item sds is saved.')
  assert.equal(await page.getByLabel('Mail the result').isChecked(), false)
  await confirm('Clear the history', 'Clear the history')
  await says('0 runs removed.')
  await confirm('Delete the item', 'Delete the item')
  await says('Test item sds is deleted.')
  await page.goto('/parameter-sets')
  await page.getByRole('link', { name: 'full' }).click()
  await confirm('Delete the set', 'Delete the set')
  await says('Parameter set full is deleted.')

  // Settings, mail, sessions.
  await page.goto('/settings')
  await page.getByLabel('Test server', { exact: true }).fill('no address')
  await press('Save settings')
  await says('Write an absolute http or https address')
  await page.getByLabel('Test server', { exact: true }).fill(world.neighbours.testServer.url)
  await press('Save settings')
  await says('Settings are saved')
  world.neighbours.mailSink.refuseNext({ at: 'recipient', code: 550, message: 'No such user here' })
  await page.goto('/settings/mail')
  await page.getByLabel('E-mail address').fill('nobody@example.com')
  await press('Send test mail')
  await says('A test mail to nobody@example.com is on its way.')
  for (;;) {
    await page.goto('/settings/mail?status=failed')
    if (await page.getByText('No such user here').count()) break
  }
  await page.getByRole('button', { name: /^Send again/ }).click()
  await says('The delivery to nobody@example.com is being sent again.')
  await world.neighbours.mailSink.waitForMail(mail => mail.recipients.includes('nobody@example.com'))
  await world.logIn('chen.jie@example.com')
  await page.goto('/settings/sessions')
  await page.getByRole('article').filter({ hasText: 'chen.jie' }).locator('summary').click()
  await press('End session')
  await says('The session of chen.jie@example.com is ended.')
  await page.goto('/settings/audit')
  await page.getByRole('cell').getByText('end session').first().waitFor()
})
