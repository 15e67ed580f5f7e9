import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { endOverdueRuns } from '../../src/runs/overdue.ts'
import { CORE, coreBuild, startWorld } from '../world/index.ts'

// No worker: what is triggered stays queued, and what is active is stuck.
const world = await startWorld({ env: { ROLE: 'web' } })
const { ctx } = world.crat
await world.anyone.post('/builds', coreBuild())
const item = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000)

async function trigger(): Promise<number> {
  const { body } = await world.liWei.post(`/test-items/${item.body.data.id}/deploy-test`)
  return body.data.run_id
}

const read = async (id: number) => (await world.liWei.get(`/deploy-test-runs/${id}`)).body.data

describe('a run that waits', () => {
  it('is given up after max_queue_hours, and says so in the API and in a mail', async () => {
    const id = await trigger()
    await ctx.db.run.update({ where: { id }, data: { createdAt: ago(25) } })

    assert.equal(await endOverdueRuns(ctx), 1)

    const run = await read(id)
    assert.equal(run.status, 'FAILED')
    assert.match(run.error_message, /waited in the queue for more than 24 h.*max_queue_hours/)
    const mail = await ctx.db.notification.findFirstOrThrow({ where: { runId: id } })
    assert.match(mail.text, /max_queue_hours/)
  })

  it('waits anew after an attempt that its environment did not survive', async () => {
    const id = await trigger()
    const requeued = { createdAt: ago(25), requeuedAt: ago(1), attempt: 2 }
    await ctx.db.run.update({ where: { id }, data: requeued })

    assert.equal(await endOverdueRuns(ctx), 0)

    assert.equal((await read(id)).status, 'PENDING')
    await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
  })

  it('goes on waiting before, and longer where the setting says so', async () => {
    const id = await trigger()
    await ctx.db.run.update({ where: { id }, data: { createdAt: ago(25) } })
    await world.admin.put('/settings', { max_queue_hours: 48 })

    assert.equal(await endOverdueRuns(ctx), 0)

    assert.equal((await read(id)).status, 'PENDING')
    await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
  })
})

describe('a run whose worker is stuck', () => {
  const stuck = {
    'in a download that has moved nothing for half an hour': {
      status: 'DOWNLOADING',
      startedAt: ago(0.6),
      updatedAt: ago(0.6),
    },
    'over its max_query_hours': { status: 'MONITORING', startedAt: ago(4), submitStartedAt: ago(3.5) },
  } as const
  for (const [where, columns] of Object.entries(stuck)) {
    it(`is ended ${where}, and frees the lane`, async () => {
      const id = await trigger()
      await ctx.db.run.update({ where: { id }, data: columns })

      assert.equal(await endOverdueRuns(ctx), 1)

      const run = await read(id)
      assert.equal(run.status, 'FAILED')
      assert.match(run.error_message, new RegExp(`made no progress \\(it was ${columns.status}\\)`))
    })
  }

  it('is left alone where its download took long and has just ended', async () => {
    const id = await trigger()
    await ctx.db.run.update({ where: { id }, data: { status: 'DOWNLOADED', startedAt: ago(2) } })

    assert.equal(await endOverdueRuns(ctx), 0)

    assert.equal((await read(id)).status, 'DOWNLOADED')
    await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
  })

  it('is left alone while its time is not over', async () => {
    const id = await trigger()
    const columns = { status: 'MONITORING', startedAt: ago(3), submitStartedAt: ago(2.9) } as const
    await ctx.db.run.update({ where: { id }, data: columns })

    assert.equal(await endOverdueRuns(ctx), 0)
    assert.equal((await read(id)).status, 'MONITORING')
  })
})
