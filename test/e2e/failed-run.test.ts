import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { coreBuild, LI_WEI, startWorkingWorld } from '../world/index.ts'
import { openWindow } from './browser.ts'

const world = await startWorkingWorld()

test('from a failed run to its cause and its retry', async () => {
  // Jenkins announces a build before its package is uploaded.
  const packagePath = 'build/CDN/Core/20240626-story_container-c54239ed'
  await world.anyone.post('/builds', coreBuild(101, { PACKAGE_PATH: packagePath }))
  const failed = await world.trigger()
  const mail = await world.neighbours.mailSink.waitForMail()
  assert.match(mail.subject ?? '', /cds #101/)

  // Li Wei reads the mail, follows its link and logs in on the way.
  const liWei = await openWindow(world.url)
  await liWei.goto(`/runs/${failed}`)
  await liWei.getByLabel('E-mail address').fill(LI_WEI)
  await liWei.keyboard.press('Enter')
  await liWei.waitForURL(`**/runs/${failed}`)
  await liWei.getByRole('heading', { name: 'What went wrong: Download the package' }).waitFor()
  const cause = await liWei.getByRole('region', { name: 'What went wrong' }).textContent()
  assert.match(cause ?? '', new RegExp(packagePath), 'it says where it looked')
  assert.match(cause ?? '', /404/, 'and what the server said')
  await liWei.getByText('Run failed', { exact: true }).waitFor()

  // The package is uploaded; the same build passes.
  await makeDemoBuild(world.neighbours.packageServer.root)
  await liWei.getByRole('button', { name: 'Look for the package again' }).click()
  await liWei.getByRole('img', { name: /^Tests: \d+ passed/ }).waitFor()
  await liWei.getByRole('link', { name: `run ${failed}` }).click()
  await liWei.getByRole('heading', { name: 'What went wrong' }).waitFor()
})
