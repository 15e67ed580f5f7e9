import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { announceChange } from '../../src/database/live.ts'
import { verdictOn } from '../../src/triggers/verdict.ts'
import { runsOf } from '../channels/finished-runs.ts'
import { ApiClient, CORE, coreBuild, openWorld, startWorld } from '../world/index.ts'

const env = { ROLE: 'web' }
const world = await startWorld({ env })
const other = await openWorld(world.dataDir, world.databaseUrl, { env })
const { db } = world.crat.ctx

async function addItem(name: string): Promise<number> {
  return (await world.admin.post('/test-items', { name, associated_job_name: CORE })).body.data.id
}
const build = async (number: number): Promise<number> =>
  (await world.anyone.post('/builds', coreBuild(number))).body.data.id
const trigger = async (item: number, build_info_id: number): Promise<number> =>
  (await world.liWei.post(`/test-items/${item}/deploy-test`, { build_info_id })).body.data.run_id
const cancel = (run: number) => world.admin.post(`/deploy-test-runs/${run}/cancel`)

/** Held requests, in both processes. Reads of the same are made one after the other: theirs are done. */
async function ask(path: string): Promise<ReturnType<ApiClient['get']>[]> {
  const clients = [world, other].map(({ url }) => new ApiClient(url, world.liWei.token))
  const answers = clients.map(client => client.get(path))
  await Promise.all([world, other].map(({ crat }) => untilHeld(crat.ctx.heldAnswers)))
  await Promise.all(clients.map(client => client.get(path.replace('wait=60', 'wait=0'))))
  return answers
}

async function untilHeld(held: { count: number }): Promise<void> {
  while (held.count === 0) await new Promise(resolve => setImmediate(resolve))
}

const cds = await addItem('cds')

describe('a verdict', () => {
  it('is that of the last run of each item, the worst of several once all have finished', () => {
    const run = (id: number, status: string, outcome: string | null = null) =>
      ({ id, status, outcome }) as Parameters<typeof verdictOn>[0][number]
    const said = (...runs: Parameters<typeof verdictOn>[0]) => {
      const { state, outcome, runId } = verdictOn(runs)
      return [state, outcome, runId]
    }
    assert.deepEqual(said(), ['none', null, null])
    assert.deepEqual(said(run(1, 'PENDING'), run(2, 'COMPLETED', 'failed')), ['queued', null, 1])
    assert.deepEqual(said(run(1, 'PENDING'), run(2, 'MONITORING')), ['running', null, 2])
    const finished = [run(1, 'COMPLETED', 'passed'), run(2, 'FAILED', 'unknown')]
    assert.deepEqual(said(...finished), ['finished', 'unknown', 2])
    assert.deepEqual(said(...finished, run(3, 'COMPLETED', 'failed')), ['finished', 'failed', 3])
  })

  it('comes at once without a wait', async () => {
    const id = await build(1)
    const { body } = await world.liWei.get(`/builds/${id}/verdict`)
    assert.deepEqual(body.data, { state: 'none', outcome: null, run_id: null, status: null, url: null })
  })

  it('is held until a run begins, then until that run ends, in any process', async () => {
    const id = await build(2)
    const begun = await ask(`/builds/${id}/verdict?wait=60`)
    const run = await trigger(cds, id)
    for (const { body } of await Promise.all(begun))
      assert.deepEqual([body.data.state, body.data.run_id], ['queued', run])

    const ended = await ask(`/builds/${id}/verdict?test_item_id=${cds}&run_id=${run}&wait=60`)
    await cancel(await trigger(await addItem('other'), id))
    await cancel(run)
    for (const { body } of await Promise.all(ended))
      assert.deepEqual(body.data, {
        ...{ state: 'finished', outcome: 'unknown', run_id: run, status: 'CANCELLED' },
        url: `http://crat.example/runs/${run}`,
      })
  })

  it('is held until a run begins whose id is lower than that of a later one', async () => {
    const [id, later] = [await build(11), await build(12)]
    const stranger = runsOf(world, await addItem('stranger'), later)
    const begun = await db.$transaction(
      async tx => {
        const inTransaction = { ...world, crat: { ...world.crat, ctx: { ...world.crat.ctx, db: tx } } }
        const run = await runsOf(inTransaction as typeof world, cds, id).queued(new Date())
        await announceChange(tx, { topic: 'run', id: run.id })
        await stranger.fails()
        return { run, answers: await ask(`/builds/${id}/verdict?wait=60`) }
      },
      { timeout: 60_000 },
    )
    for (const { body } of await Promise.all(begun.answers))
      assert.deepEqual([body.data.state, body.data.run_id], ['queued', begun.run.id])
  })

  it('is not held once it is final, nor after the wait', async () => {
    const id = await build(3)
    const waited = await world.liWei.get(`/builds/${id}/verdict?wait=1`)
    assert.equal(waited.body.data.state, 'none')
    await cancel(await trigger(cds, id))
    const final = await world.liWei.get(`/builds/${id}/verdict?wait=60`)
    assert.equal(final.body.data.state, 'finished')
  })

  it('is no longer waited for when its client goes away', async () => {
    const id = await build(4)
    const gone = new AbortController()
    const answer = fetch(`${world.url}/api/v1/builds/${id}/verdict?wait=60`, {
      headers: { authorization: `Bearer ${world.liWei.token}` },
      signal: gone.signal,
    })
    await untilHeld(world.crat.ctx.heldAnswers)
    gone.abort()
    await assert.rejects(answer)
    while (world.crat.ctx.heldAnswers.count) await new Promise(resolve => setImmediate(resolve))
  })

  it('is refused when too many wait, and comes without a wait even then', async () => {
    const id = await build(5)
    world.crat.ctx.heldAnswers.count += 256
    const { status, headers } = await world.liWei.get(`/builds/${id}/verdict?wait=60`)
    const atOnce = await world.liWei.get(`/builds/${id}/verdict`)
    world.crat.ctx.heldAnswers.count -= 256
    assert.deepEqual([status, headers.get('retry-after'), atOnce.status], [429, '10', 200])
  })

  it('says what is wrong with the question', async () => {
    const id = await build(6)
    for (const [path, status] of [
      [`/builds/${id}/verdict?wait=61`, 400],
      [`/builds/${id}/verdict?test_item_id=x`, 400],
      [`/builds/${id}/verdict?test_item_id=999999`, 404],
      ['/builds/999999/verdict', 404],
    ] as const)
      assert.equal((await world.liWei.get(path)).status, status, path)
  })
})

describe('a token that announces builds', () => {
  it('learns of its own, also of those that waited on disk, and of no others', async () => {
    const { body } = await world.admin.post('/tokens', { name: 'jenkins', scopes: ['webhook'] })
    const jenkins = new ApiClient(world.url, body.data.token)
    const own = (await jenkins.post('/builds', coreBuild(7))).body.data.id
    assert.equal((await jenkins.get(`/builds/${own}/verdict`)).status, 200)
    const { status, body: refused } = await jenkins.get(`/builds/${await build(8)}/verdict`)
    assert.deepEqual([status, refused.code], [403, 'not_your_build'])

    const { pool, spool } = world.crat.ctx
    const client = await pool.connect()
    // Nothing leaves the disk meanwhile.
    await client.query('BEGIN; LOCK TABLE build_info')
    await spool.keep(coreBuild(9), null)
    assert.equal((await jenkins.post('/builds', coreBuild(10))).status, 202)
    await client.query('COMMIT')
    client.release()
    const spooled = async () => db.build.findFirst({ where: { jobName: CORE, buildNumber: 10 } })
    while (!(await spooled())) await new Promise(resolve => setImmediate(resolve))
    assert.equal((await jenkins.get(`/builds/${(await spooled())?.id}/verdict`)).status, 200)
  })
})
