import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startWorkingWorld } from '../world/index.ts'
import { loadWork } from './load-work.ts'

const { work, task } = loadWork(['p95_ms 812 > 500', 'error_rate 0.02 > 0.01'])
const world = await startWorkingWorld({ neighbours: { testServer: { protocol: 2, work } } })
const { db } = world.crat.ctx
await world.buildCore(101)
const id = await world.trigger()
const { point, finish } = await task

const headers = { authorization: `Bearer ${world.liWei.token}` }
const page = async () => await (await fetch(`${world.url}/runs/${id}`, { headers })).text()
const pointsFrom = async (offset: number) =>
  (await world.liWei.get(`/deploy-test-runs/${id}/load?offset=${offset}`)).body

async function untilPoints(count: number) {
  let kept = await pointsFrom(0)
  await world.liWei.untilRun(id, () => {
    void pointsFrom(0).then(now => {
      kept = now
    })
    return kept.next_offset >= count
  })
  return kept
}

it('a load test is shown while it goes, each point once', async () => {
  await point(2, 5, 9)
  const { points, eof } = await untilPoints(3)
  assert.equal(eof, false)
  const same = { users_planned: 10, p95_ms: 812, errors: 1 }
  assert.deepEqual(points[0], { ...same, t: 1, users: 2, rps: 8 })
  await point(10)
  const later = await untilPoints(4)
  assert.deepEqual(
    later.points.map(({ t }: { t: number }) => t),
    [1, 2, 3, 4],
  )
  assert.equal((await pointsFrom(3)).points.length, 1)
  assert.match(await page(), /data-chart="load"[\s\S]*data-users="10"/)
})

it('its silence of over four seconds is marked, and only that', async () => {
  assert.match(await page(), /data-silence="4"[^>]* hidden>/)
  await db.loadPoint.updateMany({ data: { receivedAt: new Date(Date.now() - 4_500) } })
  assert.match(await page(), /data-silence="4"(?![^>]* hidden)/)
})

it('its figures and the thresholds that it broke are kept with the run, and decide its outcome', async () => {
  await point(10, 0)
  finish()
  const run = await world.liWei.untilFinished(id)
  assert.equal(run.outcome, 'failed')
  assert.deepEqual(run.load.breaches, ['p95_ms 812 > 500', 'error_rate 0.02 > 0.01'])
  assert.deepEqual(
    { ...(await pointsFrom(0)), points: 0 },
    { offset: 0, next_offset: 6, points: 0, eof: true },
  )
  const html = await page()
  assert.match(html, /p95_ms 812 &gt; 500/)
  assert.doesNotMatch(html, /data-silence/)
})
