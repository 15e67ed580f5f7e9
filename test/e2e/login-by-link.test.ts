import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startNeighbours } from '../neighbours/index.ts'
import { LI_WEI, mailEnvironment, startWorld } from '../world/index.ts'
import { openWindow } from './browser.ts'

const neighbours = await startNeighbours({ testServer: { canned: true, minPhaseMs: 0 } })
after(() => neighbours.close())
const world = await startWorld({ env: { ...mailEnvironment(neighbours), LOGIN_MODE: 'link' } })

test('Li Wei asks for a link, opens it from the mail in the same browser, and is where they were', async () => {
  const page = await openWindow(world.url)
  await page.goto('/runs?status=PENDING')
  await page.waitForURL('**/login?next=*')
  await page.locator('[name=email]').fill(LI_WEI)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()

  const mail = await neighbours.mailSink.waitForMail(({ recipients }) => recipients.includes(LI_WEI))
  const link = /http:\/\/crat\.example(\/login\/link\?token=\S+)/.exec(mail.text ?? '')?.[1] ?? ''

  const elsewhere = await openWindow(world.url)
  await elsewhere.goto(link)
  await elsewhere.getByRole('button', { name: 'Log in' }).click()
  await elsewhere.getByText('works only in the browser that asked for it').waitFor()

  await page.goto(link)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL('**/runs?status=PENDING')
  assert.match((await page.locator('.topbar').textContent()) ?? '', /li\.wei/)
})
