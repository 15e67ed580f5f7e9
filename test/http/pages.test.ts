import assert from 'node:assert/strict'
import test from 'node:test'
import { makeBundle, putBundle } from '../script-bundles/bundles.ts'
import { ADMIN_PASSWORD, CORE, coreBuild, LI_WEI, startWorld } from '../world/index.ts'
import { Visitor, ZHANG_HUA } from './visitor.ts'

const world = await startWorld()
const { body } = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
const item: number = body.data.id
await world.anyone.post('/builds', coreBuild(101))

await putBundle({ url: world.url, token: world.admin.token }, 'cds-tests', await makeBundle({ 'run.py': '' }))

const FOR_ALL = [
  '/tests',
  `/tests/${item}`,
  '/runs',
  '/builds',
  '/builds?job_name=CDN%2FCore',
  '/builds?q=core',
  '/search?q=core',
  '/setup',
]
const MORE_FOR_ALL = [
  '/parameter-sets',
  '/parameter-sets/1',
  '/settings',
  '/script-bundles',
  '/script-bundles/cds-tests',
]
const FOR_ADMINS = [
  ...['/parameter-sets/new', '/settings/mail', '/settings/sessions', '/settings/audit'],
  ...['/settings/storage', '/settings/doctor'],
]

test('every page opens for an admin, small and with nothing inline', async () => {
  const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
  for (const path of [...FOR_ALL, ...MORE_FOR_ALL, ...FOR_ADMINS]) {
    const { status, html, headers } = await admin.open(path)
    assert.equal(status, 200, path)
    assert.ok(html.length < 100_000, `${path} is large: ${html.length}`)
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+="|<style/, path)
    assert.doesNotMatch(headers.get('content-security-policy') ?? '', /unsafe-inline/)
    assert.doesNotMatch(html, /pages:|>[a-z]+\.[a-z_.]+</, `${path} shows a key in place of a sentence`)
  }
})

test('every page opens in Chinese for a user, without what only admins may do', async () => {
  const liWei = await new Visitor(world.url).logIn(LI_WEI)
  await liWei.submit('/preferences', { lang: 'zh-CN', back: '/tests' })
  for (const path of [...FOR_ALL, ...MORE_FOR_ALL]) {
    const { status, html } = await liWei.open(path)
    assert.equal(status, 200, path)
    assert.match(html, /<html lang="zh-CN"/)
    assert.doesNotMatch(
      html,
      /action="[^"]*(delete|prune|clear-history)"|action="\/(tests|settings|builds\/jobs|setup\/[a-z-]+)"/,
      path,
    )
  }
})

test('an admin’s page tells a user what to do', async () => {
  const liWei = await new Visitor(world.url).logIn('wang.fang@example.com')
  const page = await liWei.open('/parameter-sets/new')
  assert.equal(page.status, 403)
  assert.match(page.html, /Log in with the admin/)
})

test('who is not logged in gets to the page after logging in', async () => {
  const visitor = new Visitor(world.url)
  const login = await visitor.open('/runs?status=PENDING')
  assert.match(login.path, /^\/login\?next=/)
  const page = await visitor.submit('/login', { email: 'chen.jie@example.com', next: '/runs?status=PENDING' })
  assert.equal(page.path, '/runs?status=PENDING')
})

test('a login leads to no other site', async () => {
  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example/']) {
    const page = await new Visitor(world.url).submit('/login', { email: 'zhao.min@example.com', next })
    assert.equal(page.path, '/tests')
  }
})

test('what does not exist has a page that says so', async () => {
  const liWei = await new Visitor(world.url).logIn('sun.li@example.com')
  for (const path of [
    '/nothing',
    '/runs/99999',
    '/runs/abc',
    '/tests/0',
    '/builds?job_name=none',
    '/runs/1/mail',
  ]) {
    const { status, html } = await liWei.open(path)
    assert.equal(status, 404, path)
    assert.match(html, /Nothing here/)
  }
})

test('a form from elsewhere is refused', async () => {
  const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
  const page = await admin.submit('/settings', { project_name: 'Forged', _csrf: 'made up' })
  assert.equal(page.status, 403)
  assert.doesNotMatch((await admin.open('/settings')).html, /Forged/)
})
