import assert from 'node:assert/strict'
import test from 'node:test'
import { errorOf, Visitor } from '../http/visitor.ts'
import { ADMIN_PASSWORD, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld()

test('an address is enough for a user', async () => {
  const page = await new Visitor(world.url).submit('/login', { email: LI_WEI })
  assert.equal(page.path, '/tests')
  assert.match(page.html, /li\.wei@example\.com/)
})

test('what is no address comes back with what was typed', async () => {
  const page = await new Visitor(world.url).submit('/login', { email: 'li.wei at example' })
  assert.equal(page.status, 400)
  assert.match(page.html, /value="li\.wei at example"/)
  assert.equal(errorOf(page.html, 'email'), 'Write an e-mail address, such as li.wei@example.com.')
})

test('a wrong password says so, and the field stays open', async () => {
  const page = await new Visitor(world.url).submit('/login', { email: 'admin', password: 'guess' })
  assert.equal(page.status, 401)
  assert.match(page.html, /The password is wrong/)
  assert.match(page.html, /<details class="fold" open>/)
  assert.doesNotMatch(page.html, /guess/)
})

test('logging out ends the session', async () => {
  const admin = await new Visitor(world.url).logIn('admin', ADMIN_PASSWORD)
  const after = await admin.submit('/logout')
  assert.equal(after.path, '/login')
  assert.match((await admin.open('/settings')).path, /^\/login/)
})
