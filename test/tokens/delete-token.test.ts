import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ApiClient, coreBuild, openWorld, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const another = await openWorld(world.dataDir, world.databaseUrl, { env: { ROLE: 'web' } })

it('a deleted token is invalid at once, in every process', async () => {
  // The second process' logins have ended those of the first, as there is one session for each address.
  const { body } = await another.admin.post('/tokens', { name: 'gone', scopes: ['webhook', 'read'] })
  const programs = [world, another].map(({ url }) => new ApiClient(url, body.data.token))
  for (const program of programs) {
    assert.equal((await program.get('/builds')).status, 200)
    assert.ok((await program.post('/builds', coreBuild())).status < 300)
  }

  const { status } = await another.admin.delete(`/tokens/${body.data.id}`)
  assert.equal(status, 200)
  for (const program of programs) {
    assert.equal((await program.get('/builds')).status, 401)
    // Although this webhook is open: what carries a token means to prove something.
    assert.equal((await program.post('/builds', coreBuild())).status, 401)
  }
  assert.equal((await another.admin.delete(`/tokens/${body.data.id}`)).status, 404)
})
