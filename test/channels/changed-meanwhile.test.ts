import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
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
    const told = await ctx.db.notification.findMany({ where: { runId: run.id, kind: 'webhook' } })
    return told.map(({ recipient }) => recipient)
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
