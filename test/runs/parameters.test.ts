import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, POLL, SUBMIT } from '../neighbours/test-server.ts'
import { startWorkingWorld } from '../world/index.ts'
import { RUNNING, type Run } from './story.ts'

// The test server refuses every field beyond the seven of version 1.
const world = await startWorkingWorld()
const { testServer } = world.neighbours
await world.buildCore(101)

async function submitted(input = {}): Promise<{ run: Run; request: Run }> {
  const run = await world.liWei.untilFinished(await world.trigger(world.liWei, input))
  return { run, request: JSON.parse(testServer.requestsTo(SUBMIT).at(-1)?.body ?? '') }
}

async function parameterSet(name: string, parameters: object): Promise<number> {
  const { status, body } = await world.admin.post('/parameter-sets', { name, parameters })
  assert.equal(status, 201, body.error)
  return body.data.id
}

describe('what the test server is sent', () => {
  it('is exactly the seven fields of version 1, which it takes', async () => {
    const { run, request } = await submitted()
    assert.equal(run.status, 'COMPLETED')
    assert.deepEqual(request, {
      ...{ service_name: 'cds', package_path: run.download_path, install_dir: '', upgrade_type: 'full' },
      ...{ test_path: '', base_url: '', report_keyword: 'cds' },
    })
  })

  it('is what the run shows', async () => {
    const { run, request } = await submitted()
    assert.deepEqual(run.parameters, request)
  })

  it('comes from the set, with the name of the item where that says nothing', async () => {
    const given = {
      service_name: 'CDS',
      install_dir: '/opt/cds',
      upgrade_type: 'increment',
      test_path: 'smoke',
    }
    const id = await parameterSet('Given', { ...given, base_url: world.neighbours.reportServer.url })
    const { run, request } = await submitted({ parameter_set_id: id })
    assert.equal(run.parameter_set_id, id)
    assert.deepEqual(request, {
      ...given,
      package_path: run.download_path,
      base_url: world.neighbours.reportServer.url,
      report_keyword: 'cds',
    })
  })

  it('is the package that was downloaded, whatever path the set names', async () => {
    const id = await parameterSet('Path', { package_path: '/etc/passwd' })
    const { run, request } = await submitted({ parameter_set_id: id })
    assert.notEqual(request.package_path, '/etc/passwd')
    assert.equal(request.package_path, run.download_path)
  })

  it('is also what an admin added, as it is', async () => {
    const extra = { priority: 3, tags: ['a', { b: null }], dry: false, 说明: '夜间' }
    const id = await parameterSet('More', extra)
    testServer.answerNext(SUBMIT, json({ task_id: 1 }))
    testServer.answerNext(POLL, json({ status: 'completed' }))
    const { run, request } = await submitted({ parameter_set_id: id })
    assert.deepEqual(Object.keys(request).sort(), Object.keys({ ...run.parameters }).sort())
    for (const [key, value] of Object.entries(extra)) assert.deepEqual(request[key], value)
    assert.equal(run.task_id, '1')
  })
})

describe('which set is used', () => {
  it("the trigger's, else the item's, else default", async () => {
    const ofItem = await parameterSet('Of the item', { install_dir: '/item' })
    const ofTrigger = await parameterSet('Of the trigger', { install_dir: '/trigger' })
    assert.equal((await submitted()).request.install_dir, '')
    await world.admin.put(`/test-items/${world.cds}`, { associated_parameter_set_id: ofItem })
    assert.equal((await submitted()).request.install_dir, '/item')
    const { request } = await submitted({ parameter_set_id: ofTrigger })
    assert.equal(request.install_dir, '/trigger')
    await world.admin.put(`/test-items/${world.cds}`, { associated_parameter_set_id: null })
    assert.equal((await submitted()).request.install_dir, '')
  })
})

describe('what is frozen at the trigger', () => {
  it('the parameters, the addresses and the build: later changes are for later runs', async () => {
    const id = await parameterSet('Changing', { install_dir: '/then' })
    testServer.answerAlways(POLL, RUNNING)
    const first = await world.trigger()
    const second = await world.trigger(world.liWei, { parameter_set_id: id })
    await world.admin.put(`/parameter-sets/${id}`, { parameters: { install_dir: '/now' } })
    // The test server's address is the environment's, which a run is given when it starts.
    await world.admin.put('/settings', { package_download_base_url: 'http://127.0.0.1:1' })
    await world.buildCore(102)
    await world.liWei.post('/job-versions/CDN%2FCore/sync')
    testServer.behave()
    await world.liWei.untilFinished(first)
    const run = await world.liWei.untilFinished(second)
    assert.equal(run.status, 'COMPLETED')
    assert.equal(run.build_number, 101)
    assert.equal(run.parameters.install_dir, '/then')
    await world.admin.put('/settings', {
      external_test_server_url: testServer.url,
      package_download_base_url: world.neighbours.packageServer.url,
    })
    const later = await submitted({ parameter_set_id: id })
    assert.equal(later.run.build_number, 102)
    assert.equal(later.request.install_dir, '/now')
  })
})
