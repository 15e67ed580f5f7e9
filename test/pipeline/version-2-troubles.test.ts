import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CAPABILITIES, json, LOG, POLL } from '../neighbours/test-server.ts'
import { html, progressOf, type Run } from '../runs/story.ts'
import { mailEnvironment, openWorld, startWorkingWorld } from '../world/index.ts'
import { type ObedientTask, obedientWork } from './obedient-work.ts'

const { work, task } = obedientWork()
const world = await startWorkingWorld({
  env: { ROLE: 'web' },
  neighbours: { testServer: { protocol: 2, work } },
})
const { testServer } = world.neighbours
await world.buildCore(101)
const openWorker = () =>
  openWorld(world.dataDir, world.databaseUrl, {
    env: { ...mailEnvironment(world.neighbours), ROLE: 'worker' },
  })
let tasks = 0

async function begin(): Promise<{ id: number; on: ObedientTask }> {
  const id = await world.trigger()
  return { id, on: await task(++tasks) }
}

const logOf = async (id: number) => (await world.liWei.get(`/deploy-test-runs/${id}/log`)).body
const wordsOf = (text: string) =>
  text
    .replace(/^\d{4}-\S+ \S+ /gm, '')
    .trimEnd()
    .split('\n')
const untilHeard = (id: number, wanted: (progress: Run) => unknown) =>
  world.liWei.untilRun(id, run => Boolean(wanted(progressOf(run) ?? {})))

describe('a held look that is cut', () => {
  it('is shown, and the task is looked at again until it ends', async () => {
    const worker = await openWorker()
    testServer.answerNext(/wait=25$/, 'hang-up', html('Bad gateway', 502))
    const { id, on } = await begin()
    await testServer.waitForRequest(/wait=25$/, 3)
    await on.enter('running:test')
    await untilHeard(id, progress => progress.status === 'running:test' && !progress.last_error)
    on.finish()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
    await worker.crat.stop()
  })
})

describe('a server that promises to hold looks and does not', () => {
  it('is not hammered', async () => {
    const worker = await openWorker()
    await world.admin.put('/settings/query_interval', { value: 60 })
    testServer.answerNext(CAPABILITIES, json({ protocol: 2, features: ['long_poll'] }))
    const atOnce = json({ task_id: 'task-1', status: 'running:test' })
    testServer.answerAlways(POLL, atOnce)
    const { id } = await begin()
    const { progress } = { progress: progressOf(await untilHeard(id, ({ polls }) => polls >= 6)) }
    const run = (await world.liWei.get(`/deploy-test-runs/${id}`)).body.data
    const seconds = (Date.parse(progress.at) - Date.parse(run.started_at)) / 1000
    // A look that is not held, one that should be, and then a pause of a second at least.
    assert.ok(seconds > 2, `6 looks in ${seconds} s`)
    testServer.behave()
    await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
    await world.admin.put('/settings/query_interval', { value: 0.1 })
    await worker.crat.stop()
  })
})

describe('a log that cannot be read', () => {
  const shrunk = json({ offset: 0, next_offset: 3, text: 'no\n', eof: false })
  const TROUBLES: [what: string, answer: Parameters<typeof testServer.answerAlways>[1], key: string][] = [
    ['404', html('not found', 404), 'log_refused'],
    ['500', html('Traceback', 500), 'log_refused'],
    ['a hang-up', 'hang-up', 'http:'],
    ['a log that shrank', shrunk, 'log_jumps'],
  ]
  for (const [what, answer, key] of TROUBLES) {
    it(`ends nothing, and is shown: ${what}`, async () => {
      const worker = await openWorker()
      const { id, on } = await begin()
      on.write('first\n')
      await on.enter('running:deploy')
      await untilLog(id, text => text.includes('running:deploy'))
      testServer.answerAlways(LOG, answer)
      await testServer.waitForRequest(LOG, testServer.requestsTo(LOG).length + 1)
      on.write('second\n')
      await on.enter('running:test')
      await untilHeard(id, ({ log_error }) => log_error?.key.includes(key))
      testServer.behave()
      on.finish()
      assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
      assert.deepEqual(wordsOf((await logOf(id)).text), [
        ...['first', 'running:deploy', 'second', 'running:test', 'completed'],
      ])
      await worker.crat.stop()
    })
  }

  it('ends nothing where it stays so', async () => {
    const worker = await openWorker()
    testServer.answerAlways(LOG, { body: Buffer.alloc(50 * 1024 * 1024, ' ') })
    const { id, on } = await begin()
    on.finish()
    assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
    testServer.behave()
    assert.equal((await logOf(id)).text, '')
    await worker.crat.stop()
  })
})

describe('a log', () => {
  it('goes on with the next worker where the last one stood', async () => {
    const worker = await openWorker()
    const { id, on } = await begin()
    on.write('by the first\n')
    await untilLog(id, text => text.includes('by the first'))
    await worker.crat.stop()
    on.write('by nobody\n')
    const next = await openWorker()
    await untilLog(id, text => text.includes('by nobody'))
    on.finish()
    await world.liWei.untilFinished(id)
    assert.deepEqual(wordsOf((await logOf(id)).text), ['by the first', 'by nobody', 'completed'])
    await next.crat.stop()
  })
})

async function untilLog(id: number, wanted: (text: string) => boolean): Promise<void> {
  let text = ''
  await world.liWei.untilRun(id, () => {
    void logOf(id).then(log => {
      text = log.text
    })
    return wanted(text)
  })
}
