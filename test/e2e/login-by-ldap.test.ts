import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ADMIN_GROUP, BASE, SERVICE, startDirectory } from '../neighbours/directory.ts'
import { ADMIN_PASSWORD, coreBuild, LI_WEI, startWorld } from '../world/index.ts'
import { openWindow } from './browser.ts'

const directory = await startDirectory({ tls: true })
after(() => directory.close())
const world = await startWorld({
  env: {
    ...{ LOGIN_MODE: 'ldap', LDAP_URL: directory.url, LDAP_SEARCH_BASE: `ou=people,${BASE}` },
    ...{ LDAP_BIND_DN: SERVICE.dn, LDAP_BIND_PASSWORD: SERVICE.password, LDAP_ADMIN_GROUP: ADMIN_GROUP },
    LDAP_FILTER: '(|(mail={{login}})(uid={{login}}))',
  },
})

test('Li Wei logs in with the password of the directory, and the click of an ended session is offered again', async () => {
  for (const number of [101, 102]) await world.anyone.post('/builds', coreBuild(number))
  const page = await openWindow(world.url)
  await page.goto('/builds?job_name=CDN%2FCore')
  const logIn = async (password: string) => {
    await page.locator('[name=email]').fill('li.wei')
    await page.locator('[name=password]').fill(password)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
  }
  await logIn('a guess')
  await page.getByText('The name or the password is wrong').waitFor()
  await logIn('password of li.wei')
  await page.waitForURL('**/builds?job_name=CDN%2FCore')

  const admin = await world.logIn('admin', ADMIN_PASSWORD)
  await admin.endSessionsOf(LI_WEI)
  await page
    .getByRole('button', { name: 'Select build 102' })
    .or(page.locator('form[action="/builds/select"] button').first())
    .first()
    .click()
  await page.waitForURL('**/login?next=*')
  await logIn('password of li.wei')
  await page.getByRole('heading', { name: 'You were about to' }).waitFor()
  await page.getByText('select a build').waitFor()
  await page.getByRole('button', { name: 'Do it now' }).click()
  await page.waitForURL(/\/builds/)
  const { selectedBuild } = await world.crat.ctx.db.jobVersion.findFirstOrThrow({
    include: { selectedBuild: true },
  })
  assert.equal(selectedBuild?.buildNumber, 102)
})
