import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { CAPABILITIES, json, SUBMIT } from '../neighbours/test-server.ts'
import { makeBundle, putBundle } from '../script-bundles/bundles.ts'
import { startWorkingWorld } from '../world/index.ts'
import { obedientWork } from './obedient-work.ts'

const { work, task } = obedientWork()
const world = await startWorkingWorld({ neighbours: { testServer: { protocol: 2, work } } })
const { testServer } = world.neighbours
await world.buildCore(101)
const place = { url: world.url, token: world.admin.token }
const bundle = async (text: string) => {
  const bytes = await makeBundle({ 'run.py': text })
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}
const [first, second] = [await bundle('1'), await bundle('2')]
await putBundle(place, 'cds-tests', first.bytes)
await world.admin.put(`/test-items/${world.cds}`, { script_bundle: 'cds-tests' })

describe('a run of an item with a script bundle', () => {
  it('is submitted with the newest, which the test server fetches, and keeps its hash', async () => {
    const id = await world.trigger()
    const { submission, finish } = await task(1)
    assert.equal(submission.scripts_sha256, first.sha256)
    const fetched = await fetch(`${world.url}${pathOf(submission.scripts_url)}`)
    assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), first.bytes)
    const forged = await fetch(`${world.url}${pathOf(submission.scripts_url)}x`)
    assert.equal(forged.status, 403)
    await putBundle(place, 'cds-tests', second.bytes)
    finish()
    const run = await world.liWei.untilFinished(id)
    assert.deepEqual([run.script_bundle_version, run.scripts_sha256], [1, first.sha256])

    const retried = (await world.liWei.post(`/deploy-test-runs/${id}/retry`)).body.data.run_id
    const again = await task(2)
    assert.equal(again.submission.scripts_sha256, first.sha256, 'a retry has the same scripts')
    again.finish()
    await world.liWei.untilFinished(retried)
    await world.trigger()
    const newest = await task(3)
    assert.equal(newest.submission.scripts_sha256, second.sha256)
    newest.finish()
  })

  it('is tested with what is in the package where its test server takes no bundles, and says so', async () => {
    testServer.answerNext(CAPABILITIES, json({ protocol: 2, features: ['idempotency'] }))
    const id = await world.trigger()
    const { submission, finish } = await task(4)
    assert.ok(!('scripts_url' in submission))
    finish()
    const run = await world.liWei.untilFinished(id)
    assert.deepEqual([run.script_bundle, run.scripts_sha256], ['cds-tests', null])
    const headers = { authorization: `Bearer ${world.liWei.token}` }
    const page = await (await fetch(`${world.url}/runs/${id}`, { headers })).text()
    assert.match(page, /does not take script bundles/)
    assert.ok(testServer.requestsTo(SUBMIT).length >= 4)
  })
})

/** CRAT listens on a port that PUBLIC_URL does not know here. */
function pathOf(url: string | undefined): string {
  const { pathname, search } = new URL(url ?? '')
  return pathname + search
}
