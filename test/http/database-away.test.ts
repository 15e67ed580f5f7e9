import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, it } from 'node:test'
import { errorShape } from '../../src/http/shapes.ts'
import { coreBuild, openWorld, startWorld } from '../world/index.ts'

const home = await startWorld({ env: { ROLE: 'web' } })
const gate = await openGate(home.databaseUrl)
const world = await openWorld(home.dataDir, gate.url, { env: { ROLE: 'web' } })
// After CRAT has stopped, which needs it.
after(gate.close)

/** A way to the database that can be cut. */
async function openGate(databaseUrl: string) {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isOpen = true
  const server = createServer(client => {
    if (!isOpen) return client.destroy()
    const database = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    cut() {
      isOpen = false
      for (const socket of sockets) socket.destroy()
    },
    open() {
      isOpen = true
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const ask = (path: string) => fetch(`${world.url}${path}`)

it('while the database is unavailable every answer says so, and afterwards it all goes on', async () => {
  gate.cut()

  for (const [method, path, body] of [
    ['GET', '/builds', undefined],
    ['GET', '/auth/me', undefined],
    ['PUT', '/settings', { project_name: 'x' }],
    ['POST', '/auth/login', { email: 'wang.fang@example.com' }],
  ] as const) {
    const { status, headers, body: answer } = await world.admin.call(method, path, body)
    assert.deepEqual([status, answer.code], [503, 'unavailable'], `${method} ${path}`)
    assert.ok(Number(headers.get('retry-after')) > 0)
    assert.deepEqual(errorShape.parse(answer), answer)
  }
  const ready = await ask('/ready')
  assert.deepEqual([ready.status, JSON.parse(await ready.text()).away], [503, ['database']])
  assert.equal((await ask('/health')).status, 200)
  assert.equal((await ask('/api/v1/version')).status, 200)
  const page = await ask('/login')
  assert.equal(page.status, 503)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)

  gate.open()

  assert.equal((await ask('/ready')).status, 200)
  assert.equal((await world.admin.get('/builds')).status, 200)
  const { status, body } = await world.anyone.post('/builds', coreBuild())
  assert.equal(status, 201, body.error)
})
