import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { freePort } from '../../src/postgres/free-port.ts'
import { CLIENT, startIdentityProvider } from '../neighbours/identity-provider.ts'
import { startWorld } from '../world/index.ts'
import { openWindow } from './browser.ts'

// The provider must know it before CRAT has started.
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const provider = await startIdentityProvider(`${url}/login/oidc`)
after(() => provider.close())
const world = await startWorld({
  env: {
    ...{ PORT: `${port}`, PUBLIC_URL: url, LOGIN_MODE: 'oidc', OIDC_ISSUER: provider.issuer },
    ...{ OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret, OIDC_ADMIN_GROUPS: 'crat-admins' },
  },
})

test('an admin of the company logs in by single sign-on, and is where they were', async () => {
  const page = await openWindow(world.url)
  await page.goto('/settings/audit')
  await page.waitForURL('**/login?next=*')
  await page.getByRole('link', { name: 'Log in by single sign-on' }).click()

  await page.waitForURL(`${provider.issuer}/**`)
  await page.locator('[name=login]').fill('zhang.hua')
  await page.locator('[name=password]').fill('any')
  await page.locator('[type=submit]').click()
  await page.locator('[type=submit]', { hasText: 'Continue' }).click()

  await page.waitForURL('**/settings/audit')
  assert.match((await page.locator('table').textContent()) ?? '', /zhang\.hua@example\.com.*log in/s)
})
