import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { triggerScheduledItems } from '../../src/triggers/trigger-on-schedule.ts'
import { type Answer, CORE, coreBuild, openWorld, startWorld } from '../world/index.ts'

const env = { ROLE: 'web' }
const world = await startWorld({ env })
const processes = [
  world,
  await openWorld(world.dataDir, world.databaseUrl, { env }),
  await openWorld(world.dataDir, world.databaseUrl, { env }),
]
const { db } = world.crat.ctx
await world.anyone.post('/builds', coreBuild(101))

const runsOf = async (item: number): Promise<Answer['body'][]> =>
  (await world.liWei.get(`/test-items/${item}/deploy-runs`)).body.data

async function addItem(name: string, input: object): Promise<number> {
  const { status, body } = await world.admin.post('/test-items', {
    ...{ name, associated_job_name: CORE },
    ...input,
  })
  assert.equal(status, 201, body.error)
  return body.data.id
}

/** The minute of the timetable, in every process at once. */
const tick = (now: string) =>
  Promise.all(processes.map(({ crat }) => triggerScheduledItems(crat.ctx, crat.ctx.log, new Date(now))))

const endRuns = (item: number) =>
  db.run.updateMany({ where: { testItemId: item }, data: { status: 'CANCELLED', finishedAt: new Date() } })

const nextOf = async (item: number) =>
  (await db.testItem.findUniqueOrThrow({ where: { id: item } })).scheduleNextAt?.toISOString()

/** As if it had been saved at that time. */
async function saveAt(item: number, scheduleNextAt: string): Promise<void> {
  await db.testItem.update({ where: { id: item }, data: { scheduleNextAt: new Date(scheduleNextAt) } })
}

describe('an item with a schedule, in three processes', () => {
  it('is triggered once at its time, with the selected build, and not before', async () => {
    const item = await addItem('nightly', { schedule: '30 2 * * *', schedule_timezone: 'Europe/Berlin' })
    await saveAt(item, '2026-11-22T01:30:00.000Z')
    assert.deepEqual(await tick('2026-11-22T01:29:59Z'), [0, 0, 0])
    await tick('2026-11-22T01:30:00Z')
    const [run, ...others] = await runsOf(item)
    assert.deepEqual(others, [])
    assert.deepEqual([run.trigger, run.triggered_by, run.build_number], ['schedule', 'trigger:schedule', 101])
    assert.equal(await nextOf(item), '2026-11-23T01:30:00.000Z')
  })

  it('makes up one of the times that were missed, whatever the clock did meanwhile', async () => {
    const item = await addItem('quarterly', { schedule: '*/15 * * * *', schedule_timezone: 'Europe/Berlin' })
    await saveAt(item, '2026-10-24T20:00:00.000Z')
    await tick('2026-10-25T01:10:00Z')
    assert.equal((await runsOf(item)).length, 1)
    assert.equal(await nextOf(item), '2026-10-25T02:00:00.000Z')
  })

  it('is not triggered again while its last scheduled run still waits', async () => {
    const item = await addItem('minutely', { schedule: '* * * * *' })
    await saveAt(item, '2026-11-22T10:00:00.000Z')
    await tick('2026-11-22T10:00:10Z')
    await tick('2026-11-22T10:01:10Z')
    assert.equal((await runsOf(item)).length, 1)
    assert.equal(await nextOf(item), '2026-11-22T10:02:00.000Z')
    await endRuns(item)
    await tick('2026-11-22T10:02:10Z')
    assert.equal((await runsOf(item)).length, 2)
  })

  it('that has no build goes on to its next time', async () => {
    const item = await addItem('unlinked', { associated_job_name: '', schedule: '0 * * * *' })
    await saveAt(item, '2026-11-22T10:00:00.000Z')
    await tick('2026-11-22T10:00:00Z')
    assert.deepEqual(await runsOf(item), [])
    assert.equal(await nextOf(item), '2026-11-22T11:00:00.000Z')
  })
})

describe('a schedule that is changed', () => {
  it('counts from then on; one that stays keeps its time', async () => {
    const item = await addItem('changed', { schedule: '0 3 * * *' })
    await saveAt(item, '2020-01-01T03:00:00.000Z')
    await world.admin.put(`/test-items/${item}`, { description: 'The same schedule', schedule: '0 3 * * *' })
    assert.equal(await nextOf(item), '2020-01-01T03:00:00.000Z')
    await world.admin.put(`/test-items/${item}`, { schedule_timezone: 'Asia/Shanghai' })
    const next = new Date((await nextOf(item)) ?? '')
    assert.ok(next > new Date() && next.toISOString().includes('T19:00'), next.toISOString())
    await world.admin.put(`/test-items/${item}`, { schedule: null })
    assert.equal(await nextOf(item), undefined)
  })
})
