import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ADMIN_PASSWORD, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const wangFang = await world.logIn(WANG_FANG)

interface Listed {
  id: number
  email: string
  current: boolean
  is_admin: boolean
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

it('whoever types an address neither sees nor ends the sessions of it that were proven', async () => {
  const boss = await world.logIn('boss@example.com', ADMIN_PASSWORD)
  const first = await world.logIn('boss@example.com')
  const typed = await world.logIn('boss@example.com')
  const { data } = (await typed.get('/sessions')).body
  assert.equal(data.length, 2)
  const all = (await boss.get('/sessions?email=boss@example.com')).body.data
  const proven = all.filter((session: Listed) => session.is_admin)
  assert.equal(proven.length, 1)
  assert.equal((await typed.delete(`/sessions/${proven[0].id}`)).status, 403)
  assert.equal((await boss.get('/auth/me')).status, 200)
  for (const client of [typed, first, boss]) await client.post('/auth/logout')
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
