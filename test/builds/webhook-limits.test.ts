import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawRequest } from '../http/raw-request.ts'
import { coreBuild, openWorld, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web', TRUST_PROXY: 'loopback' } })
const guarded = await openWorld(world.dataDir, world.databaseUrl, {
  env: { ROLE: 'web', WEBHOOK_TOKEN: 'a long and random secret', TRUST_PROXY: 'loopback' },
})

const announce = (url: string, headers: Record<string, string>) =>
  rawRequest(url, {
    ...{ method: 'POST', path: '/api/v1/builds', body: JSON.stringify(coreBuild()) },
    headers: { 'Content-Type': 'application/json', ...headers },
  })

describe('the webhook without a secret', () => {
  const browser: Record<string, string> = { Origin: 'http://crat.example', 'Sec-Fetch-Site': 'same-origin' }
  it('takes JSON from a browser, by its content type, and nothing that a form can send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      const { status, text } = await announce(world.url, { ...browser, 'Content-Type': type })
      assert.deepEqual([status, JSON.parse(text).code], [415, 'not_json_type'], type)
    }
    assert.ok((await announce(world.url, browser)).status < 300)
  })

  it('takes a thousand builds at once from one address', async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => announce(world.url, {})))
    assert.deepEqual(
      [...new Set(answers.map(({ status }) => status))].filter(status => status >= 300),
      [],
    )
  })
})

describe('wrong tokens', () => {
  const from = (ip: string, token: string) =>
    announce(guarded.url, { 'X-Forwarded-For': ip, Authorization: `Bearer ${token}` })

  it('close the webhook for their address, and for no other', async () => {
    for (let time = 1; time <= 20; time += 1)
      assert.equal((await from('10.0.0.1', `wrong ${time}`)).status, 401)
    const { status, headers, text } = await from('10.0.0.1', 'a long and random secret')
    assert.equal(status, 429)
    const wait = Number(headers['retry-after'])
    assert.ok(wait >= 1 && wait <= 60, `${wait}`)
    assert.equal(JSON.parse(text).code, 'too_many_wrong_tokens')
    assert.ok((await from('10.0.0.2', 'a long and random secret')).status < 300)
  })

  it('are not counted where the right one was sent', async () => {
    for (let time = 1; time <= 30; time += 1)
      assert.ok((await from('10.0.0.3', 'a long and random secret')).status < 300)
  })

  it('of a whole IPv6 network count as one', async () => {
    for (let time = 1; time <= 20; time += 1) await from(`2001:db8::${time}`, 'wrong')
    assert.equal((await from('2001:db8::ffff', 'wrong')).status, 429)
  })
})
