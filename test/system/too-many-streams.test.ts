import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })

// Kept, since fetch ends the stream of an answer that is collected as garbage.
const open: Response[] = []

it('a session has at most twenty live streams', async () => {
  const stop = new AbortController()
  const listen = (token: string, signal?: AbortSignal) =>
    fetch(`${world.url}/live`, { headers: { authorization: `Bearer ${token}` }, signal })
  for (let stream = 1; stream <= 20; stream += 1) open.push(await listen(world.liWei.token, stop.signal))
  assert.deepEqual(new Set(open.map(({ status }) => status)), new Set([200]))

  const refused = await listen(world.liWei.token)
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  assert.equal(JSON.parse(await refused.text()).code, 'too_many_streams')
  assert.equal((await listen(world.admin.token, stop.signal)).status, 200)

  stop.abort()
  const again = new AbortController()
  let status = 429
  for (let tries = 0; status === 429 && tries < 100; tries += 1) {
    status = (await listen(world.liWei.token, again.signal)).status
    await pause(20)
  }
  assert.equal(status, 200)
  again.abort()
})
