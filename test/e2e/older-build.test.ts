import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CORE, LI_WEI, startWorkingWorld } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const world = await startWorkingWorld()

test('Li Wei picks an older build and triggers it', async () => {
  for (const number of [99, 100, 101]) await world.buildCore(number)
  await world.admin.post(`/job-versions/${encodeURIComponent(CORE)}/sync`)
  const liWei = await openWindow(world.url)
  await logIn(liWei, LI_WEI)
  await liWei.getByRole('button', { name: 'Trigger cds with build 101' }).waitFor()

  // Finds the build by its number among all, and its job.
  await liWei.getByRole('link', { name: 'Builds' }).click()
  await liWei.getByLabel('Search jobs and builds').fill('#100')
  await liWei.getByLabel('Search jobs and builds').press('Enter')
  await liWei.getByRole('heading', { name: '1 build found' }).waitFor()
  await liWei.getByRole('table').getByRole('link', { name: CORE, exact: true }).click()

  await liWei.getByRole('button', { name: 'Select build 100' }).click()
  await liWei.getByText(`Build 100 of ${CORE} is selected.`).waitFor()
  const selections = liWei.getByRole('region', { name: 'Selections' }).getByRole('listitem')
  assert.match((await selections.first().textContent()) ?? '', /#100.*by li\.wei@example\.com/s)

  // From the job to the item that tests it.
  await liWei.getByRole('region', { name: 'Tested by' }).getByRole('link', { name: 'cds' }).click()
  await liWei.getByRole('button', { name: 'Trigger' }).click()
  await liWei.getByRole('heading', { name: 'cds #100' }).waitFor()
  const mail = await world.neighbours.mailSink.waitForMail()
  assert.match(mail.subject ?? '', /cds #100/)
})
