import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { HttpError } from '../../../src/external/http-client.ts'
import { getTaskLog, TestServerError } from '../../../src/external/test-server/index.ts'
import { startHttpNeighbour } from '../../neighbours/http-neighbour.ts'
import { json, LOG } from '../../neighbours/test-server.ts'

const LINES = 'deploy 部署\ntest 测试 🚀\n'
const bytes = Buffer.from(LINES)

const server = await startHttpNeighbour(() => json({ error: 'no such log' }, 404))
after(() => server.close())

const read = (offset: number) =>
  getTaskLog(server.url, 'task-1', offset, { signal: new AbortController().signal })

const part = (offset: number, next_offset: number, text: string, eof = false) =>
  json({ offset, next_offset, text, eof })

describe('a part of a log', () => {
  it('goes on where it was asked to', async () => {
    server.answerNext(LOG, part(7, 14, '部署\n'))
    assert.deepEqual(await read(7), { offset: 7, nextOffset: 14, text: '部署\n', eof: false })
    assert.equal(server.requests.at(-1)?.url, '/api/tasks/task-1/log?offset=7')
  })

  it('may be empty, and may be the last', async () => {
    server.answerNext(LOG, part(14, 14, '', true))
    assert.deepEqual(await read(14), { offset: 14, nextOffset: 14, text: '', eof: true })
  })

  for (const step of [1, 2, 3, 4, 5, 7]) {
    it(`keeps characters whole where the log grows by ${step} bytes and its server cuts them`, async () => {
      let text = ''
      let offset = 0
      for (let size = step; ; size = Math.min(size + step, bytes.length)) {
        const eof = size === bytes.length
        server.answerNext(LOG, part(offset, size, bytes.toString('utf8', offset, size), eof))
        const got = await read(offset)
        text += got.text
        offset = got.nextOffset
        if (eof) break
      }
      assert.equal(text, LINES)
      assert.equal(offset, bytes.length)
    })
  }

  const REFUSED: [what: string, answer: Parameters<typeof server.answerNext>[1], code: string][] = [
    ['404', json({}, 404), 'log_refused'],
    ['500', json({}, 500), 'log_refused'],
    ['a redirect', { status: 302, headers: { location: '/login' } }, 'log_refused'],
    ['a web page', { body: '<html>' }, 'log_unreadable'],
    ['half of the JSON', { body: '{"offset": 7, "te' }, 'log_unreadable'],
    [
      'an offset that is text',
      json({ offset: '7', next_offset: 8, text: 'a', eof: false }),
      'log_unreadable',
    ],
    ['a text that is none', json({ offset: 7, next_offset: 8, text: null, eof: false }), 'log_unreadable'],
    ['a negative end', part(7, -1, 'a'), 'log_unreadable'],
    ['the log from its start', part(0, 14, 'deploy 部署\n'), 'log_jumps'],
    ['a later part', part(9, 14, '署\n'), 'log_jumps'],
    ['a log that shrank', part(7, 3, ''), 'log_jumps'],
    ['a text without an end', part(7, 7, '部署\n'), 'log_jumps'],
    ['an end without a text', part(7, 14, ''), 'log_jumps'],
  ]
  for (const [what, answer, code] of REFUSED) {
    it(`is not taken where the server answers ${what}`, async () => {
      server.answerNext(LOG, answer)
      await assert.rejects(read(7), error => {
        assert.ok(error instanceof TestServerError)
        assert.equal(error.code, code)
        assert.ok(error.message.includes('task-1'), error.message)
        assert.ok(!error.message.includes('{{'), error.message)
        return true
      })
    })
  }

  it('is bounded in size', async () => {
    server.answerNext(LOG, part(0, 50_000_000, 'a'.repeat(50_000_000)))
    await assert.rejects(read(0), error => error instanceof HttpError && error.code === 'too_large')
  })
})
