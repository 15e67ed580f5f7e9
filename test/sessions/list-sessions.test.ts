import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ADMIN_PASSWORD, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const wangFang = await world.logIn(WANG_FANG)

interface Listed {
  id: number
  email: string
  current: boolean
}
const emails = (body: { data: Listed[] }) => body.data.map(({ email }) => email).sort()

it('a user sees their own sessions, an admin those of all', async () => {
  const own = await world.liWei.get('/sessions?email=wang.fang@example.com')
  assert.deepEqual(emails(own.body), [LI_WEI])
  assert.equal(own.body.data[0].current, true)
  assert.ok(!JSON.stringify(own.body).includes('token'))
  const all = await world.admin.get('/sessions')
  assert.deepEqual(emails(all.body), ['admin', LI_WEI, WANG_FANG])
  assert.deepEqual(emails((await world.admin.get(`/sessions?email=${WANG_FANG}`)).body), [WANG_FANG])
})

it('whoever types an address neither sees nor ends the other sessions of it', async () => {
  const boss = await world.logIn('boss@example.com', ADMIN_PASSWORD)
  const owner = await world.logIn('boss@example.com')
  const typed = await world.logIn('boss@example.com')
  const { data } = (await typed.get('/sessions')).body
  assert.deepEqual([data.length, data[0].current], [1, true])
  const all = (await boss.get('/sessions?email=boss@example.com')).body.data
  assert.equal(all.length, 3)
  for (const { id } of all.filter((session: Listed) => session.id !== data[0].id))
    assert.equal((await typed.delete(`/sessions/${id}`)).status, 403)
  for (const client of [boss, owner]) assert.equal((await client.get('/auth/me')).status, 200)
  for (const client of [typed, owner, boss]) await client.post('/auth/logout')
})

it('a session is ended by its owner or an admin, at once', async () => {
  const [session] = (await wangFang.get('/sessions')).body.data
  const refused = await world.liWei.delete(`/sessions/${session.id}`)
  assert.deepEqual([refused.status, refused.body.code], [403, 'not_your_session'])
  assert.equal((await wangFang.delete(`/sessions/${session.id}`)).status, 200)
  assert.equal((await wangFang.get('/auth/me')).status, 401)
  assert.equal((await world.admin.delete(`/sessions/${session.id}`)).status, 404)

  const [another] = (await world.liWei.get('/sessions')).body.data
  assert.equal((await world.admin.delete(`/sessions/${another.id}`)).status, 200)
  assert.equal((await world.liWei.get('/auth/me')).status, 401)
})
