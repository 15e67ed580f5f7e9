import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { startHttpNeighbour } from '../neighbours/http-neighbour.ts'
import { coreBuild, startWorkingWorld } from '../world/index.ts'

const jenkins = await startHttpNeighbour(() => ({ status: 200, body: 'taken' }))
after(() => jenkins.close())
const world = await startWorkingWorld()
const { db } = world.crat.ctx

const announce = (number: number, CALLBACK_URL: unknown) =>
  world.anyone.post('/builds', coreBuild(number, { CALLBACK_URL }))

it('each finished run of a build is posted to the address that it was announced with', async () => {
  const { body } = await announce(101, `${jenkins.url}/finished`)
  const run = await world.liWei.untilFinished(
    await world.trigger(world.liWei, { build_info_id: body.data.id }),
  )
  const posted = await jenkins.waitForRequest('POST /finished')
  const { event, delivery_id, run: told, changes } = JSON.parse(posted.body)
  assert.equal(event, 'run.finished')
  assert.equal(posted.headers['x-crat-delivery'], delivery_id)
  assert.deepEqual([told.id, told.status, told.outcome], [run.id, run.status, run.outcome])
  assert.deepEqual(changes, { new_failures: [], fixed: [], still_failing: 0 })

  await world.liWei.post(`/deploy-test-runs/${run.id}/retry`)
  const again = JSON.parse((await jenkins.waitForRequest('POST /finished', 2)).body)
  assert.equal(again.run.retry_of, run.id)
  assert.notEqual(again.delivery_id, delivery_id)
})

it('a run that never started has ended, too', async () => {
  await world.admin.post('/environments', {
    ...{ name: 'rack', test_server_url: 'http://127.0.0.1:9', labels: ['never'], state: 'paused' },
  })
  await world.admin.put(`/test-items/${world.cds}`, { environment_labels: ['never'] })
  const { body } = await announce(102, `${jenkins.url}/cancelled`)
  await world.admin.post(
    `/deploy-test-runs/${await world.trigger(world.liWei, { build_info_id: body.data.id })}/cancel`,
  )
  const { run } = JSON.parse((await jenkins.waitForRequest('POST /cancelled')).body)
  assert.equal(run.status, 'CANCELLED')
})

it('an address that is none is a problem of the announcement, and nothing is stored', async () => {
  for (const wrong of ['jenkins', 'ftp://jenkins/x', 'javascript:alert(1)', 7, {}]) {
    const { status, body } = await announce(103, wrong)
    assert.equal(status, 400, `${wrong}`)
    assert.equal(body.details[0].path, 'CALLBACK_URL')
  }
  assert.equal(await db.build.count({ where: { buildNumber: 103 } }), 0)
  for (const none of ['', null, undefined]) assert.ok((await announce(104, none)).status < 300)
})

it('an address that must not be reached is refused when it is posted to, with the reason', async () => {
  const { body } = await announce(105, 'http://169.254.169.254/latest')
  await world.admin.post(
    `/deploy-test-runs/${await world.trigger(world.liWei, { build_info_id: body.data.id })}/cancel`,
  )
  const refused = () => db.notification.findFirst({ where: { kind: 'callback', status: 'failed' } })
  while (!(await refused())) await new Promise(resolve => setImmediate(resolve))
  assert.match((await refused())?.lastError ?? '', /169\.254\.169\.254/)
})
