import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { checkQuarantined } from '../../src/environments/check-environments.ts'
import { Visitor } from '../http/visitor.ts'
import { CAPABILITIES, json, SUBMIT } from '../neighbours/test-server.ts'
import { mailAbout, type Run } from '../runs/story.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { addMachines } from './machines.ts'

const world = await startWorkingWorld()
await world.buildCore(101)
await world.admin.put('/environments/1', { state: 'paused' })
const [bad, good] = await addMachines(world, ['bad', 'good'])
assert.ok(bad && good)
const wangFang = await new Visitor(world.url).logIn(WANG_FANG)
const environment = async (id: number) => (await world.liWei.get(`/environments/${id}`)).body.data

/** A worker may still be busy with the end of the attempt before. */
async function untilAllFree(): Promise<void> {
  while (await world.crat.ctx.db.runEnvironment.count({ where: { releasedAt: null } })) await pause(10)
}

/** On its page and in its one mail. */
async function assertShown(run: Run): Promise<void> {
  const { html } = await wangFang.open(`/runs/${run.id}`)
  assert.match(html, /Attempt 1<.*bad.*answered 503.*Attempt 2<.*good/s)
  assert.equal(await world.crat.ctx.db.notification.count({ where: { runId: run.id } }), 1)
  const { text = '' } = await mailAbout(world, run)
  assert.match(text, /Attempt 1: bad \(.*answered 503.*\)/)
  assert.equal(text.match(/^Submit: /gm)?.length, 1)
}

describe('a server that refuses three times in a row', () => {
  it('is quarantined, and its runs end elsewhere, with each attempt shown', async () => {
    bad.answerAlways(SUBMIT, json({ error: 'out of disk' }, 503))
    bad.answerAlways(CAPABILITIES, json({ error: 'out of disk' }, 503))
    await world.admin.put(`/test-items/${world.cds}`, { infrastructure_retries: 1 })
    for (let failures = 1; failures <= 3; failures += 1) {
      await untilAllFree()
      const run = await world.liWei.untilFinished(await world.trigger(), 60_000)
      assert.equal(run.status, 'COMPLETED', run.error_message)
      assert.equal(run.attempt, 2)
      assert.equal(run.environment, 'good')
      const [first, second] = run.attempts
      assert.deepEqual(first.environments, ['bad'])
      assert.match(first.error, /answered 503.*out of disk/)
      assert.deepEqual(second.environments, ['good'])
      assert.equal(second.error, null)
      assert.deepEqual(
        run.steps
          .map(({ name, attempt, status }: Record<string, string>) => `${attempt} ${name} ${status}`)
          .slice(0, 5),
        [
          '1 download COMPLETED',
          '1 test FAILED',
          '2 download COMPLETED',
          '2 test COMPLETED',
          '2 monitor COMPLETED',
        ],
      )
      await assertShown(run)
      assert.equal((await environment(bad.id)).setup_failures, failures)
    }
    const { state, state_reason, next_check_at } = await environment(bad.id)
    assert.equal(state, 'quarantined')
    assert.match(state_reason, /3 runs in a row.*out of disk/)
    assert.ok(new Date(next_check_at).getTime() > Date.now())
  })

  it('is told to the admins once, and written down', async () => {
    const { db } = world.crat.ctx
    const mails = await db.notification.findMany({ where: { runId: null } })
    assert.equal(mails.length, 1)
    assert.match(mails[0]?.subject ?? '', /^bad is quarantined/)
    assert.match(mails[0]?.text ?? '', /out of disk/)
    assert.match(mails[0]?.subject ?? '', /已隔离/)
    assert.equal(
      await db.auditEntry.count({ where: { action: 'quarantine environment', subject: 'bad' } }),
      1,
    )
  })

  it('takes no run while it is there', async () => {
    const submits = bad.requestsTo(SUBMIT).length
    const run = await world.liWei.untilFinished(await world.trigger(), 60_000)
    assert.equal(run.environment, 'good')
    assert.equal(run.attempt, 1)
    assert.equal(bad.requestsTo(SUBMIT).length, submits)
  })

  it('is asked again at growing intervals, and comes back once it is healthy', async () => {
    const { ctx } = world.crat
    const due = () =>
      ctx.db.environment.update({ where: { id: bad.id }, data: { nextCheckAt: new Date(Date.now() - 1) } })
    const pauses: number[] = []
    for (let failed = 0; failed < 3; failed += 1) {
      await due()
      assert.equal(await checkQuarantined(ctx), 0)
      pauses.push(new Date((await environment(bad.id)).next_check_at).getTime() - Date.now())
    }
    assert.deepEqual(
      pauses,
      pauses.toSorted((a, b) => a - b),
    )
    assert.ok((pauses[2] ?? 0) > 3 * (pauses[0] ?? 0))

    bad.behave()
    await due()
    assert.equal(await checkQuarantined(ctx), 1)
    const { state, state_reason, setup_failures } = await environment(bad.id)
    assert.deepEqual(
      { state, state_reason, setup_failures },
      { state: 'ready', state_reason: null, setup_failures: 0 },
    )
    const run = await world.liWei.untilFinished(await world.trigger(world.liWei, { environment_id: bad.id }))
    assert.equal(run.status, 'COMPLETED')
    assert.equal((await environment(bad.id)).protocol, 1)
  })
})

describe('an attempt that fails because of the product', () => {
  it('is not repeated, and not held against the environment', async () => {
    good.answerNext(SUBMIT, json({ error: 'unknown field' }, 422))
    const run = await world.liWei.untilFinished(await world.trigger(world.liWei, { environment_id: good.id }))
    assert.equal(run.status, 'FAILED')
    assert.equal(run.attempt, 1)
    assert.equal((await environment(good.id)).setup_failures, 0)
  })
})
