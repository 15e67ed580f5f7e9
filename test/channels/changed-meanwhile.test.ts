import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { notifyQueuedLong } from '../../src/channels/notify-queued-long.ts'
import type { Transaction } from '../../src/database/client.ts'
import { pipelineOf } from '../../src/jobs/worker.ts'
import { persistEvent } from '../../src/pipeline/persist-event.ts'
import { recordEvent } from '../../src/runs/record-event.ts'
import { startWorld } from '../world/index.ts'
import { runsOf } from './finished-runs.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { ctx } = world.crat
const { admin } = world
const cds: number = (await admin.post('/test-items', { name: 'cds' })).body.data.id
const runs = runsOf(world, cds)

const error = { key: 'errors:run_stuck', params: { status: 'PENDING' }, message: 'It hangs.' }
const failed = { type: 'failed', error } as const

async function addHook(name: string): Promise<number> {
  const hook = { name, kind: 'webhook', url: 'http://127.0.0.1:1/', events: ['error', 'digest'] }
  return (await admin.post('/channels', hook)).body.data.id
}

describe('a channel that is changed while a run ends', () => {
  const endsWhile = async (change: (tx: Transaction) => Promise<unknown>) => {
    const run = await runs.queued(new Date())
    const { status } = await recordEvent(ctx, run, failed, undefined, async tx => void (await change(tx)))
    assert.equal(status, 'FAILED')
    const notified = await ctx.db.notification.findMany({ where: { runId: run.id, kind: 'webhook' } })
    return notified.map(({ recipient }) => recipient)
  }

  it('gets no message once it is deleted or switched off; the others do', async () => {
    const [gone, off] = [await addHook('gone'), await addHook('off')]
    await addHook('stays')
    const where = { id: off }
    const data = { enabled: false }
    assert.deepEqual(await endsWhile(tx => tx.channel.update({ where, data })), ['gone', 'stays'])
    assert.deepEqual(await endsWhile(tx => tx.channel.delete({ where: { id: gone } })), ['stays'])
  })
})

describe('a run that waits for long', () => {
  const ago = new Date(Date.now() - 2 * 3_600_000)
  const notify = () => notifyQueuedLong({ ...ctx, publicUrl: 'http://crat.example' })
  const eventsOf = async (runId: number) =>
    (await ctx.db.notification.findMany({ where: { runId } })).map(({ event }) => event)

  it('is notified of once where several processes come for it at once', async () => {
    await runs.queued(ago)
    assert.equal(await notify(), 0, 'no channel wants to know')
    const hook = { name: 'waits', kind: 'webhook', url: 'http://127.0.0.1:1/', events: ['queued_long'] }
    await admin.post('/channels', hook)
    const waiting = await Promise.all([1, 2, 3].map(() => runs.queued(ago)))
    await Promise.all([notify(), notify(), notify()])
    await notify()
    for (const { id } of waiting) assert.deepEqual(await eventsOf(id), ['run.queued_long'])
  })

  it('is not notified of once it has started', async () => {
    const run = await runs.queued(ago)
    const started = ctx.db.$transaction(async tx => {
      await tx.run.update({ where: { id: run.id }, data: { status: 'MONITORING' } })
      assert.equal(await notify(), 0)
    })
    await started
    assert.deepEqual(await eventsOf(run.id), [])
  })
})

describe('an event that refers to what is deleted meanwhile', () => {
  it('is written after all', async () => {
    const run = await runs.queued(new Date())
    let ends = 0
    const pipeline = pipelineOf(ctx)
    const onRunEnd: typeof ctx.onRunEnd = async end => {
      const write = await ctx.onRunEnd(end)
      ends += 1
      if (ends > 1) return write
      return async tx => void (await tx.run.update({ where: { id: run.id }, data: { buildId: 999_999 } }))
    }
    const store = { ...pipeline.store, onRunEnd }
    const by = { type: 'cancelled', by: 'admin' } as const
    const ended = await persistEvent({ ...pipeline, store }, run, by, new AbortController().signal)
    assert.deepEqual([ended.status, ends], ['CANCELLED', 2])
  })
})
