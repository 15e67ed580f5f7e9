import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cleanUpHistory } from '../../src/jobs/clean-up-history.ts'
import { CORE, coreBuild, startWorld } from '../world/index.ts'

// No worker: what is triggered stays queued.
const world = await startWorld({ env: { ROLE: 'web' } })
const { db } = world.crat.ctx
const LONG_AGO = new Date(Date.now() - 1000 * 86_400_000)

async function announce(number: number): Promise<number> {
  const { body } = await world.anyone.post('/builds', coreBuild(number))
  return body.data.id
}

describe('the history is kept as long as the settings say', () => {
  it('removes old builds, but not the selected, the newest, or one that a run needs', async () => {
    const selected = await announce(1)
    const forgotten = await announce(2)
    const needed = await announce(3)
    const newest = await announce(4)
    await db.build.updateMany({ data: { createdAt: LONG_AGO } })
    const item = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
    await world.liWei.post(`/test-items/${item.body.data.id}/deploy-test`, { build_info_id: needed })

    await cleanUpHistory(world.crat.ctx)

    const left = (await db.build.findMany({ orderBy: { id: 'asc' } })).map(build => build.id)
    assert.deepEqual(left, [selected, needed, newest])
    assert.ok(!left.includes(forgotten))
  })

  it('removes finished runs beyond the number for an item, and never the last or a queued one', async () => {
    const item = await world.admin.post('/test-items', { name: 'sds', associated_job_name: CORE })
    const runs: number[] = []
    for (let number = 1; number <= 45; number += 1) {
      const { body } = await world.liWei.post(`/test-items/${item.body.data.id}/deploy-test`)
      runs.push(body.data.run_id)
    }
    for (const run of runs.slice(0, -1)) await world.liWei.post(`/deploy-test-runs/${run}/cancel`)
    await world.admin.put('/settings', { keep_runs_per_item: 2 })

    await cleanUpHistory(world.crat.ctx)

    const left = await db.run.findMany({ where: { testItemId: item.body.data.id }, orderBy: { id: 'asc' } })
    assert.deepEqual(
      left.map(run => run.id),
      runs.slice(-3),
    )
  })

  it('removes old mails, but none that waits', async () => {
    const mail = {
      recipient: 'li.wei@example.com',
      subject: 'passed',
      html: '',
      text: '',
      createdAt: LONG_AGO,
    }
    await db.notification.create({ data: { ...mail, messageId: '<sent@crat>', status: 'sent' } })
    await db.notification.create({ data: { ...mail, messageId: '<waits@crat>' } })

    await cleanUpHistory(world.crat.ctx)

    const left = await db.notification.findMany({ where: { createdAt: LONG_AGO } })
    assert.deepEqual(
      left.map(row => row.messageId),
      ['<waits@crat>'],
    )
  })

  it('removes audit entries beyond the number', async () => {
    await world.admin.put('/settings', { keep_audit_entries: 2 })

    await cleanUpHistory(world.crat.ctx)

    assert.equal(await db.auditEntry.count(), 2)
  })
})
