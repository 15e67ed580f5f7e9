import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { submitTask, TestServerError } from '../../../src/external/test-server/index.ts'
import { startHttpNeighbour } from '../../neighbours/http-neighbour.ts'
import { json, SUBMIT } from '../../neighbours/test-server.ts'

const server = await startHttpNeighbour(() => json({ task_id: 'task-1' }, 202))
after(() => server.close())

const submission = {
  service_name: 'CDS',
  package_path: '/packages/cds-5.3.9_release.tgz',
  install_dir: '',
  upgrade_type: 'full',
  test_path: '',
  base_url: '',
  report_keyword: 'CDS',
}
const submit = (url = server.url) => submitTask(url, submission, { signal: new AbortController().signal })
const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => assert.fail('it went well'),
    error => error,
  )

describe('a submit', () => {
  it('posts the fields as JSON, and nothing else', async () => {
    await submit()
    const request = await server.waitForRequest(SUBMIT)
    assert.match(`${request.headers['content-type']}`, /^application\/json/)
    assert.deepEqual(JSON.parse(request.body), submission)
  })

  for (const status of [200, 201, 202]) {
    it(`is taken with ${status}`, async () => {
      server.answerNext(SUBMIT, json({ task_id: 'aaf8c25a', queue: 3 }, status))
      const { taskId, answer } = await submit()
      assert.equal(taskId, 'aaf8c25a')
      assert.deepEqual(answer, { task_id: 'aaf8c25a', queue: 3 })
    })
  }

  it('takes a number for a task', async () => {
    server.answerNext(SUBMIT, json({ task_id: 0 }))
    assert.equal((await submit()).taskId, '0')
  })

  it('puts one slash between the address and the path', async () => {
    await submit(`${server.url}/proxy//`)
    assert.equal(server.requests.at(-1)?.url, '/proxy/api/deploy_and_test')
  })

  const REFUSALS: [what: string, answer: Parameters<typeof server.answerNext>[1], code: string][] = [
    ['422', json({ error: 'unknown field' }, 422), 'refused'],
    ['500', json({}, 500), 'refused'],
    ['204', { status: 204 }, 'refused'],
    ['301', { status: 301, headers: { location: 'http://10.8.24.60/' } }, 'redirected'],
    ['a redirect to nowhere', { status: 302 }, 'redirected'],
    ['nothing', { status: 200, body: '' }, 'not_json'],
    ['an empty task', json({ task_id: ' ' }), 'no_task_id'],
    ['a task of null', json({ task_id: null }), 'no_task_id'],
    ['a task that is an object', json({ task_id: {} }), 'no_task_id'],
    ['a text', json('task-1'), 'no_task_id'],
  ]
  for (const [what, answer, code] of REFUSALS) {
    it(`is refused by an answer of ${what}`, async () => {
      server.answerNext(SUBMIT, answer)
      const error = await rejection(submit())
      assert.ok(error instanceof TestServerError)
      assert.equal(error.code, code)
      assert.ok(error.message.includes(`${server.url}/api/deploy_and_test`), error.message)
      assert.equal(error.permanent, true)
    })
  }

  it('needs an address', async () => {
    const error = await rejection(submit(''))
    assert.ok(error instanceof TestServerError)
    assert.equal(error.code, 'no_address')
  })
})
