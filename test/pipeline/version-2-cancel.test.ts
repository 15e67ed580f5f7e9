import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { CANCEL, POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { html, progressOf, type Run, stepOf } from '../runs/story.ts'
import { mailEnvironment, openWorld, startWorkingWorld } from '../world/index.ts'
import { obedientWork } from './obedient-work.ts'

// Cancelled in one process, driven by another.
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
// Opened outside of a test: one that a test opens ends with it.
const first = await openWorker()
let tasks = 0

async function monitored(): Promise<{ id: number; stopped: Promise<void> }> {
  const id = await world.trigger()
  const { signal } = await task(++tasks)
  const stopped = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => stopped.resolve())
  await world.liWei.untilRun(id, run => progressOf(run)?.polls > 0)
  return { id, stopped: stopped.promise }
}

async function cancel(id: number): Promise<void> {
  const { status, body } = await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
  assert.equal(status, 200, body.error)
  assert.equal(body.data.status, 'CANCELLED')
}

const untilNoted = (id: number, step = 'monitor') =>
  world.liWei.untilRun(id, (run: Run) => stepOf(run, step).details?.cancel)

describe('a server of version 2 gets a cancel', () => {
  it('which stops the task; that is noted', async () => {
    const { id, stopped } = await monitored()
    await cancel(id)
    await stopped
    const run = await untilNoted(id)
    assert.equal(run.status, 'CANCELLED')
    const { cancel: note } = stepOf(run, 'monitor').details
    assert.equal(note.told, true)
    assert.equal(note.error, null)
    assert.equal(testServer.requestsTo(CANCEL).at(-1)?.url, `/api/tasks/${run.task_id}/cancel`)
    assert.equal(testServer.requestsTo(CANCEL).length, 1)
  })

  it('and where that server refuses, the run is cancelled all the same', async () => {
    testServer.answerNext(CANCEL, html('Traceback', 500))
    const { id } = await monitored()
    await cancel(id)
    const run = await untilNoted(id)
    assert.equal(run.status, 'CANCELLED')
    const { cancel: note } = stepOf(run, 'monitor').details
    assert.equal(note.told, false)
    assert.equal(note.error.key, 'test-server:cancel_refused')
    assert.match(note.error.message, /500: Traceback/)
  })

  it('and where that server is silent, the next run waits no longer than five seconds', async () => {
    testServer.answerNext(CANCEL, 'silence')
    const { id } = await monitored()
    await cancel(id)
    const next = await monitored()
    const { cancel: note } = stepOf(await untilNoted(id), 'monitor').details
    assert.equal(note.error.key, 'http:timeout')
    await cancel(next.id)
    await next.stopped
  })

  it('also where the task is only named after the cancel', async () => {
    const late = new Readable({ read() {} })
    testServer.answerNext(SUBMIT, { status: 202, body: late })
    const sent = testServer.requestsTo(SUBMIT).length
    const id = await world.trigger()
    await testServer.waitForRequest(SUBMIT, sent + 1)
    await cancel(id)
    late.push(JSON.stringify({ task_id: 'late-task' }))
    late.push(null)
    await testServer.waitForRequest('POST /api/tasks/late-task/cancel')
    assert.equal((await untilNoted(id, 'test')).status, 'CANCELLED')
  })

  it('by whoever takes the lane next, where the worker that drove the run is gone', async () => {
    const { id, stopped } = await monitored()
    await first.crat.stop()
    await cancel(id)
    await openWorker()
    const next = await monitored()
    await stopped
    assert.equal(stepOf(await untilNoted(id), 'monitor').details.cancel.told, true)
    await cancel(next.id)
    await next.stopped
  })
})

describe('a run that is out of time', () => {
  it('has its task stopped', async () => {
    const worker = await openWorker()
    const { id, stopped } = await monitored()
    // Whoever takes it over counts from the submit.
    await worker.crat.stop()
    const fourHoursAgo = new Date(Date.now() - 4 * 3_600_000)
    await world.crat.ctx.db.run.update({ where: { id }, data: { submitStartedAt: fourHoursAgo } })
    await openWorker()
    await stopped
    const run = await untilNoted(id)
    assert.equal(run.error_code, 'too_long')
    assert.equal(stepOf(run, 'monitor').details.cancel.told, true)
  })
})

describe('a task that someone cancelled on the server', () => {
  it('ends the run FAILED, and says so; nothing is left to cancel', async () => {
    await openWorker()
    const before = testServer.requestsTo(CANCEL).length
    testServer.answerNext(POLL, taskAnswer('cancelled'))
    const run = await world.liWei.untilFinished(await world.trigger())
    assert.equal(run.status, 'FAILED')
    assert.equal(run.error_code, 'task_cancelled')
    tasks += 1
    const next = await monitored()
    assert.equal(testServer.requestsTo(CANCEL).length, before)
    await cancel(next.id)
    await next.stopped
  })
})
