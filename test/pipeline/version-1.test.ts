import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SeenRequest } from '../neighbours/http-neighbour.ts'
import { CAPABILITIES, json, POLL, SUBMIT } from '../neighbours/test-server.ts'
import { html, progressOf, RUNNING, type Run, stepOf } from '../runs/story.ts'
import { startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld()
const { testServer } = world.neighbours
await world.buildCore(101)

const FIELDS = ['base_url', 'install_dir', 'package_path', 'report_keyword', 'service_name', 'test_path']

/** The requests of one run, as version 1 has known them always, after the one that asks for capabilities. */
function assertVersionOne(run: Run, [question, submit, ...polls]: SeenRequest[]) {
  assert.equal(`${question?.method} ${question?.url}`, 'GET /api/capabilities')
  assert.equal(question?.body, '')
  assert.equal(`${submit?.method} ${submit?.url}`, 'POST /api/deploy_and_test')
  assert.deepEqual(Object.keys(JSON.parse(submit?.body ?? '')).sort(), [...FIELDS, 'upgrade_type'])
  assert.deepEqual(Object.keys(submit?.headers ?? {}).sort(), [
    ...['accept', 'connection', 'content-length', 'content-type', 'host', 'user-agent'],
  ])
  assert.ok(polls.length > 0)
  for (const { method, url, headers, body } of polls) {
    assert.equal(`${method} ${url} ${body}`, `GET /api/tasks/${run.task_id} `)
    assert.deepEqual(Object.keys(headers).sort(), ['accept', 'connection', 'host', 'user-agent'])
  }
}

async function wholeRun(): Promise<{ run: Run; requests: SeenRequest[] }> {
  const before = testServer.requests.length
  const run = await world.liWei.untilFinished(await world.trigger())
  return { run, requests: testServer.requests.slice(before) }
}

describe('a test server of version 1', () => {
  it('is sent what it was always sent, and asked once what it can do', async () => {
    testServer.answerNext(POLL, RUNNING, RUNNING, RUNNING)
    const { run, requests } = await wholeRun()
    assert.equal(run.status, 'COMPLETED')
    assertVersionOne(run, requests)
    const { details } = stepOf(run, 'test')
    assert.equal(details.protocol, 1)
    assert.deepEqual(details.features, [])
    assert.deepEqual((await world.liWei.get(`/deploy-test-runs/${run.id}/log`)).body.text, '')
  })

  it('never hears of a cancel', async () => {
    testServer.answerAlways(POLL, RUNNING)
    const before = testServer.requests.length
    const id = await world.trigger()
    await world.liWei.untilRun(id, run => progressOf(run)?.polls > 0)
    await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
    const run = (await world.liWei.get(`/deploy-test-runs/${id}`)).body.data
    testServer.behave()
    const next = await wholeRun()
    assert.equal(next.run.status, 'COMPLETED')
    const requests = testServer.requests.slice(before)
    assertVersionOne(run, requests.slice(0, requests.length - next.requests.length))
  })

  const features = ['idempotency', 'long_poll', 'cancel', 'log', 'package_url']
  const SEEMING: [what: string, answer: Parameters<typeof testServer.answerNext>[1]][] = [
    ['does not answer', 'silence'],
    ['hangs up', 'hang-up'],
    ['answers a web page', html('<h1>CDN test environment</h1>')],
    ['speaks a protocol that nobody knows', json({ protocol: 3, features })],
    ['answers 50 MB', { body: Buffer.alloc(50 * 1024 * 1024, ' ') }],
    ['breaks', json({ protocol: 2, features }, 500)],
  ]
  for (const [what, answer] of SEEMING) {
    it(`is what a server is taken for that ${what} when it is asked what it can do`, async () => {
      testServer.answerNext(CAPABILITIES, answer)
      const { run, requests } = await wholeRun()
      assert.equal(run.status, 'COMPLETED')
      assertVersionOne(run, requests)
      assert.equal(testServer.requestsTo(SUBMIT).at(-1), requests[1])
    })
  }
})
