import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiClient, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { db } = world.crat.ctx

const create = (input: object) => world.admin.post('/tokens', input)

describe('a token', () => {
  it('is shown once and stored as a hash', async () => {
    const { status, body } = await create({ name: 'nightly', scopes: ['read'] })
    assert.equal(status, 201, body.error)
    const { token, ...shown } = body.data
    assert.match(token, /^crat_[\w-]{40,}$/)
    assert.equal(shown.created_by, 'admin')
    assert.deepEqual([shown.name, shown.scopes, shown.expires_at], ['nightly', ['read'], null])

    const list = await world.admin.get('/tokens')
    assert.deepEqual(list.body.data, [shown])
    const row = await db.apiToken.findUniqueOrThrow({ where: { name: 'nightly' } })
    assert.ok(!JSON.stringify(row).includes(token))
    const audit = await db.auditEntry.findMany({ where: { action: 'create token' } })
    assert.ok(!JSON.stringify(audit).includes(token))
    assert.deepEqual(
      audit.map(({ actor, subject, ip }) => [actor, subject, ip]),
      [['admin', 'nightly', '127.0.0.1']],
    )
  })

  it('has a name of its own', async () => {
    const { status, body } = await create({ name: 'nightly', scopes: ['admin'] })
    assert.deepEqual([status, body.code], [409, 'token_exists'])
  })

  it('of no sense is refused with what is wrong', async () => {
    for (const [input, path] of [
      [{ name: '', scopes: ['read'] }, 'name'],
      [{ name: 'x' }, 'scopes'],
      [{ name: 'x', scopes: [] }, 'scopes'],
      [{ name: 'x', scopes: ['read', 'read'] }, 'scopes'],
      [{ name: 'x', scopes: ['root'] }, 'scopes.0'],
      [{ name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
      [{ name: 'x', scopes: ['read'], expires_at: 'tomorrow' }, 'expires_at'],
    ] as const) {
      const { status, body } = await create(input)
      assert.equal(status, 400, JSON.stringify(input))
      assert.equal(body.details[0].path, path)
    }
  })

  it('says when it was used, at most once a minute', async () => {
    const { body } = await create({ name: 'used', scopes: ['read'] })
    const program = new ApiClient(world.url, body.data.token)
    assert.deepEqual((await program.get('/auth/me')).body, { email: 'token:used', is_admin: false })
    const usedAt = async () => (await db.apiToken.findUniqueOrThrow({ where: { name: 'used' } })).lastUsedAt
    const first = await usedAt()
    assert.ok(first && Math.abs(first.getTime() - Date.now()) < 60_000)
    await program.get('/auth/me')
    assert.deepEqual(await usedAt(), first)
    const earlier = new Date(Date.now() - 61_000)
    await db.apiToken.update({ where: { name: 'used' }, data: { lastUsedAt: earlier } })
    await program.get('/auth/me')
    assert.ok(((await usedAt()) ?? earlier) > earlier)
  })

  it('ends when it expires', async () => {
    const expires_at = new Date(Date.now() + 60_000).toISOString()
    const { body } = await create({ name: 'short', scopes: ['read'], expires_at })
    const program = new ApiClient(world.url, body.data.token)
    assert.equal((await program.get('/builds')).status, 200)
    await db.apiToken.update({ where: { name: 'short' }, data: { expiresAt: new Date() } })
    assert.equal((await program.get('/builds')).status, 401)
  })
})
