import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { HttpError } from '../../../src/external/http-client.ts'
import { getTask, type Task, TestServerError } from '../../../src/external/test-server/index.ts'
import { startHttpNeighbour } from '../../neighbours/http-neighbour.ts'
import { json, POLL, taskAnswer } from '../../neighbours/test-server.ts'

const server = await startHttpNeighbour(() => json({ error: 'no such task' }, 404))
after(() => server.close())

const look = (taskId = 'task-1', timeoutMs = 5_000) =>
  getTask(server.url, taskId, { signal: new AbortController().signal, timeoutMs })

async function lookAt(status: string, fields: Record<string, unknown> = {}): Promise<Task> {
  server.answerNext(POLL, taskAnswer(status, fields))
  return look()
}

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => assert.fail('it went well'),
    error => error,
  )

describe('a look at a task', () => {
  const STATES: [status: string, state: Task['state'], unknown: boolean][] = [
    ['pending', 'running', false],
    ['running', 'running', false],
    ['running:deploy', 'running', false],
    ['running:test', 'running', false],
    ['Running:Test', 'running', false],
    ['completed', 'completed', false],
    ['failed', 'failed', false],
    ['cancelled', 'cancelled', false],
    ['rebooting', 'running', true],
    ['done', 'running', true],
  ]
  for (const [status, state, unknownStatus] of STATES) {
    it(`takes ${status} as ${state}${unknownStatus ? ', which nobody knows' : ''}`, async () => {
      const task = await lookAt(status)
      assert.deepEqual([task.status, task.state, task.unknownStatus], [status, state, unknownStatus])
    })
  }

  it('takes an answer of nothing but a status', async () => {
    server.answerNext(POLL, json({ status: 'running:deploy' }))
    const task = await look()
    assert.equal(task.state, 'running')
    assert.equal(task.error, null)
    assert.equal(task.startTime, null)
  })

  const REPORTS: [where: string, result: unknown, url: string | null][] = [
    ['result.test', { test: { report_url: 'http://10.8.24.59/a/' } }, 'http://10.8.24.59/a/'],
    ['result, as older servers', { report_url: 'http://10.8.24.59/b/' }, 'http://10.8.24.59/b/'],
    [
      'result, where the test names "None"',
      { test: { report_url: 'None' }, report_url: 'http://10.8.24.59/c/' },
      'http://10.8.24.59/c/',
    ],
    ['nowhere: "None"', { test: { report_url: 'None' } }, null],
    ['nowhere: empty', { test: { report_url: '' } }, null],
    ['nowhere: no address', { test: { report_url: 'javascript:alert(1)' } }, null],
    ['nowhere: a number', { test: { report_url: 7 } }, null],
    ['nowhere: a result that is text', 'ok', null],
    ['nowhere: a result that is a list', [], null],
    ['nowhere: no result', null, null],
  ]
  for (const [where, result, url] of REPORTS) {
    it(`finds the report in ${where}`, async () => {
      assert.equal((await lookAt('completed', { result })).reportUrl, url)
    })
  }

  const ERRORS: [error: unknown, text: string | null][] = [
    ['disk full', 'disk full'],
    [{ message: 'disk full', code: 28 }, 'disk full'],
    [{ code: 28 }, '{"code":28}'],
    [['a', 'b'], '["a","b"]'],
    [28, '28'],
    [{}, null],
    ['  ', null],
    ['', null],
    ['None', null],
    [null, null],
    [undefined, null],
  ]
  for (const [error, text] of ERRORS) {
    it(`reads the error ${JSON.stringify(error)} as ${text}`, async () => {
      assert.equal((await lookAt('failed', { error })).error, text)
    })
  }

  it('sees that the deploy failed, and why', async () => {
    const task = await lookAt('completed', {
      result: { deploy: { success: false, error: 'port 80 is taken' } },
    })
    assert.equal(task.deployFailed, true)
    assert.equal(task.error, 'port 80 is taken')
  })

  it('sees that the tests were left out', async () => {
    const test = { skipped: true, reason: 'deploy only', report_url: 'None' }
    assert.equal(
      (await lookAt('completed', { result: { deploy: { success: true }, test } })).testSkipped,
      true,
    )
  })

  it('gives the times as the server gave them', async () => {
    const task = await lookAt('completed', { end_time: '2025-06-18 02:16:54' })
    assert.deepEqual([task.startTime, task.endTime], ['2025-06-18 02:15:54', '2025-06-18 02:16:54'])
  })

  it('asks for just that task, whatever its name', async () => {
    assert.ok((await rejection(look('../../a b?c=1#d'))) instanceof TestServerError)
    assert.equal(server.requests.at(-1)?.url, '/api/tasks/..%2F..%2Fa%20b%3Fc%3D1%23d')
  })
})

describe('a look that brings nothing', () => {
  const FAILURES: [what: string, answer: Parameters<typeof server.answerNext>[1], code: string][] = [
    ['404', json({}, 404), 'task_not_found'],
    ['500', json({ error: 'boom' }, 500), 'poll_refused'],
    ['a redirect', { status: 302, headers: { location: '/login' } }, 'redirected'],
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'not_json'],
    ['half of the JSON', { body: '{"status": "runn' }, 'not_json'],
    ['no status', json({ task_id: 'task-1' }), 'no_status'],
    ['a status that is no text', json({ status: 1 }), 'no_status'],
    ['a list', json([]), 'no_status'],
    ['null', json(null), 'no_status'],
  ]
  for (const [what, answer, code] of FAILURES) {
    it(`is named: ${what}`, async () => {
      server.answerNext(POLL, answer)
      const error = await rejection(look())
      assert.ok(error instanceof TestServerError)
      assert.equal(error.code, code)
      assert.ok(error.message.includes(server.url), error.message)
      assert.ok(!error.message.includes('{{'), error.message)
    })
  }

  it('is bounded in time', async () => {
    server.answerNext(POLL, 'silence')
    const error = await rejection(look('task-1', 50))
    assert.ok(error instanceof HttpError)
    assert.equal(error.code, 'timeout')
  })

  it('is bounded in size', async () => {
    server.answerNext(POLL, { body: Buffer.alloc(5 * 1024 * 1024, ' ') })
    const error = await rejection(look())
    assert.ok(error instanceof HttpError)
    assert.equal(error.code, 'too_large')
  })

  it('does not follow a redirect', async () => {
    server.answerNext(POLL, { status: 302, headers: { location: '/login' } })
    await rejection(look())
    assert.equal(server.requestsTo('/login').length, 0)
  })
})
