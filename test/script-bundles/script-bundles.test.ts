import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { cleanUpScriptBundles } from '../../src/jobs/clean-up-script-bundles.ts'
import { rawRequest } from '../http/raw-request.ts'
import { startWorld } from '../world/index.ts'
import { makeBundle, putBundle } from './bundles.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const place = { url: world.url, token: world.admin.token }
const { db, scriptBundles } = world.crat.ctx
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const authorization = `Bearer ${world.liWei.token}`
const asAdmin = { headers: { authorization: `Bearer ${place.token}` } }
const page = async (path: string) => await (await fetch(world.url + path, asAdmin)).text()

const FIRST = await makeBundle({ 'run.sh': '#!/bin/sh\n', 'old.py': 'old', 'lib/help.py': 'one' })
const SECOND = await makeBundle({ 'run.sh': '#!/bin/sh\n', 'new.py': 'new', 'lib/help.py': 'two' })

describe('a script bundle', () => {
  it('gets a version with each upload, and none for the same bytes', async () => {
    const first = await putBundle(place, 'cds-tests', FIRST)
    assert.equal(first.status, 201, first.body.error)
    const { created_at, ...data } = first.body.data
    assert.ok(Date.parse(created_at) <= Date.now())
    assert.deepEqual(data, {
      ...{ name: 'cds-tests', version: 1, sha256: sha256Of(FIRST), size: FIRST.length, created_by: 'admin' },
    })
    assert.equal((await putBundle(place, 'cds-tests', SECOND)).body.data.version, 2)
    const again = await putBundle(place, 'cds-tests', FIRST)
    assert.equal(again.status, 200)
    assert.deepEqual(again.body.data, first.body.data)
  })

  it('is listed, and given out as it came', async () => {
    const { body: newest } = await world.liWei.get('/script-bundles')
    assert.deepEqual(
      newest.data.map(({ name, version }: { name: string; version: number }) => [name, version]),
      [['cds-tests', 2]],
    )
    const { body: all } = await world.liWei.get('/script-bundles/cds-tests')
    assert.deepEqual(
      all.data.map(({ version }: { version: number }) => version),
      [2, 1],
    )
    const file = await fetch(`${world.url}/api/v1/script-bundles/cds-tests/1`, { headers: { authorization } })
    assert.equal(file.headers.get('content-type'), 'application/gzip')
    assert.match(file.headers.get('content-disposition') ?? '', /cds-tests-1\.tgz/)
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), FIRST)
    assert.equal((await world.liWei.get('/script-bundles/cds-tests/3')).status, 404)
    assert.equal((await world.liWei.get('/script-bundles/none')).body.code, 'script_bundle_not_found')
  })

  it('shows what differs from the version before', async () => {
    const html = await page('/script-bundles/cds-tests')
    assert.match(html, /\+ tests\/new\.py/)
    assert.match(html, /- tests\/old\.py/)
    assert.match(html, /~ tests\/lib\/help\.py/)
    assert.doesNotMatch(html, /[+~-] tests\/run\.sh/)
    assert.match(await page('/script-bundles'), /href="\/script-bundles\/cds-tests"/)
  })

  it('is refused where it is none, and leaves nothing behind', async () => {
    const before = await readdir(scriptBundles.folder)
    for (const [bytes, code] of [
      ['no archive', 'broken_bundle'],
      [FIRST.subarray(0, FIRST.length / 2), 'broken_bundle'],
      ['', 'empty_bundle'],
    ] as const) {
      const { status, body } = await putBundle(place, 'broken', bytes as Buffer)
      assert.deepEqual([status, body.code], [400, code], body.error)
    }
    assert.equal((await putBundle(place, 'a%2Fb', FIRST)).body.code, 'invalid_input')
    assert.deepEqual(await readdir(scriptBundles.folder), before)
  })

  it('is refused where it is too large, before it is sent', async () => {
    const { status, text } = await rawRequest(world.url, {
      ...{ method: 'PUT', path: '/api/v1/script-bundles/large', body: 'x' },
      headers: { authorization: `Bearer ${place.token}`, 'content-length': '200000001' },
    })
    assert.equal(status, 413, text)
  })

  it('has one version a time, also where many are stored at once', async () => {
    const bundles = await Promise.all([1, 2, 3, 4, 5].map(n => makeBundle({ 'a.py': `${n}` })))
    const answers = await Promise.all([...bundles, ...bundles].map(bytes => putBundle(place, 'many', bytes)))
    const created = answers.filter(({ status }) => status === 201).map(({ body }) => body.data.version)
    assert.deepEqual(created.sort(), [1, 2, 3, 4, 5])
    assert.equal(answers.filter(({ status }) => status === 200).length, 5)
  })
})

describe('a test item', () => {
  it('names a bundle that is there, in a version that is there', async () => {
    const { body } = await world.admin.post('/test-items', { name: 'cds', script_bundle: 'cds-tests' })
    const { id, script_bundle, script_bundle_version } = body.data
    assert.deepEqual([script_bundle, script_bundle_version], ['cds-tests', null])
    const change = async (fields: object) => (await world.admin.put(`/test-items/${id}`, fields)).body
    assert.equal((await change({ script_bundle_version: 1 })).data.script_bundle_version, 1)
    assert.equal((await change({ script_bundle_version: 9 })).details[0].path, 'script_bundle_version')
    assert.equal((await change({ script_bundle: 'none' })).code, 'script_bundle_version_not_found')
    assert.equal((await change({ script_bundle: null })).code, 'script_bundle_version_not_found')
    const none = await change({ script_bundle: null, script_bundle_version: null })
    assert.equal(none.data.script_bundle, null)
    await change({ script_bundle: 'cds-tests', script_bundle_version: 1 })
    assert.match(await page(`/tests/${id}`), /<option value="cds-tests" selected>/)
  })
})

describe('housekeeping', () => {
  it('removes old versions, but for the newest and those that items and runs refer to', async () => {
    await db.scriptBundle.updateMany({ data: { createdAt: new Date(Date.now() - 31 * 24 * 3_600_000) } })
    await cleanUpScriptBundles(world.crat.ctx)
    const left = await db.scriptBundle.findMany({ orderBy: [{ name: 'asc' }, { version: 'asc' }] })
    assert.deepEqual(
      left.map(({ name, version }) => `${name} ${version}`),
      ['cds-tests 1', 'cds-tests 2', 'many 5'],
    )
  })

  it('answers well where a file is missing', async () => {
    await rm(join(scriptBundles.folder, `${sha256Of(SECOND)}.tgz`))
    const { status, body } = await world.liWei.get('/script-bundles/cds-tests/2')
    assert.deepEqual([status, body.code], [404, 'script_bundle_file_missing'])
  })
})
