import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { getCapabilities } from '../../../src/external/test-server/index.ts'
import { startHttpNeighbour } from '../../neighbours/http-neighbour.ts'
import { CAPABILITIES, json } from '../../neighbours/test-server.ts'

const server = await startHttpNeighbour(() => json({ error: 'not found' }, 404))
after(() => server.close())

const ask = (url = server.url, signal = new AbortController().signal) => getCapabilities(url, { signal })

describe('what a test server can do', () => {
  it('is what it says, as far as it is known', async () => {
    const features = ['log', 'teleport', 'idempotency', 'log']
    server.answerNext(CAPABILITIES, json({ protocol: 2, features, vendor: 'CDN' }))
    assert.deepEqual(await ask(), { protocol: 2, features: ['idempotency', 'log'], because: null })
  })

  it('may be nothing of what is optional', async () => {
    server.answerNext(CAPABILITIES, json({ protocol: 2, features: [] }))
    assert.deepEqual(await ask(), { protocol: 2, features: [], because: null })
  })

  const features = ['idempotency', 'log']
  const VERSION_1: [what: string, answer: Parameters<typeof server.answerNext>[1], because: RegExp][] = [
    ['404', json({ error: 'not found' }, 404), /answered 404/],
    ['500 with all of it', json({ protocol: 2, features }, 500), /answered 500/],
    ['201 with all of it', json({ protocol: 2, features }, 201), /answered 201/],
    ['a redirect', { status: 302, headers: { location: '/login' } }, /answered 302/],
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<h1>Log in</h1>' }, /Log in/],
    ['half of the JSON', { body: '{"protocol": 2, "fea' }, /"fea/],
    ['protocol 1', json({ protocol: 1, features }), /"protocol":1/],
    ['protocol 3', json({ protocol: 3, features }), /"protocol":3/],
    ['a protocol that is text', json({ protocol: '2', features }), /"2"/],
    ['no features', json({ protocol: 2 }), /answered 200/],
    ['features that are no list', json({ protocol: 2, features: 'log' }), /answered 200/],
    ['features that are no words', json({ protocol: 2, features: [1] }), /answered 200/],
    ['null', json(null), /answered 200/],
    ['50 MB', { body: Buffer.alloc(50 * 1024 * 1024, ' ') }, /65536|64/],
    ['a hang-up', 'hang-up', /cut|closed|connection/i],
    ['a cut', { damage: { cutAfter: 3 } }, /cut|closed|connection/i],
  ]
  for (const [what, answer, because] of VERSION_1) {
    it(`is version 1 where it answers ${what}`, async () => {
      server.answerNext(CAPABILITIES, answer)
      const found = await ask()
      assert.equal(found.protocol, 1)
      assert.deepEqual(found.features, [])
      assert.match(found.because ?? '', because)
    })
  }

  it('is version 1 where it does not answer within three seconds', async () => {
    server.answerNext(CAPABILITIES, 'silence')
    const start = performance.now()
    assert.equal((await ask()).protocol, 1)
    assert.ok(performance.now() - start < 4_000)
  })

  it('is version 1 where nobody is there', async () => {
    assert.equal((await ask('http://127.0.0.1:1')).protocol, 1)
  })

  it('is asked once, and a redirect is not followed', async () => {
    const before = server.requests.length
    server.answerNext(CAPABILITIES, { status: 302, headers: { location: '/elsewhere' } })
    await ask()
    assert.equal(server.requests.length, before + 1)
  })

  it('is not guessed where the question was given up', async () => {
    server.answerNext(CAPABILITIES, 'silence')
    const stop = new AbortController()
    const asked = ask(server.url, stop.signal)
    await server.waitForRequest(CAPABILITIES, server.requestsTo(CAPABILITIES).length)
    stop.abort(new Error('this process stops'))
    await assert.rejects(asked, /this process stops/)
  })
})
