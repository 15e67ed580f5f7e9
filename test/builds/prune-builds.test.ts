import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it, mock } from 'node:test'
import { pruneBuilds } from '../../src/builds/prune.ts'
import { startPackageServer } from '../neighbours/package-server.ts'
import { ADMIN, CORE, coreBuild, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei, admin } = world

const root = await mkdtemp(join(tmpdir(), 'crat-prune-'))
const packageServer = await startPackageServer(root)
after(async () => {
  await packageServer.close()
  await rm(root, { recursive: true })
})

/** A build whose directory holds these files; null: there is no directory. */
async function build(number: number, files: string[] | null): Promise<number> {
  const PACKAGE_PATH = `CDN/Core/${number}`
  if (files) await mkdir(join(root, PACKAGE_PATH), { recursive: true })
  for (const file of files ?? []) await writeFile(join(root, PACKAGE_PATH, file), 'x')
  return (await jenkins.post('/builds', coreBuild(number, { PACKAGE_PATH }))).body.data.id
}

const CDS = 'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz'
const prune = () => admin.post(`/builds/job/${encodeURIComponent(CORE)}/prune`)

const full = await build(101, [CDS, 'README'])
const other = await build(102, ['edge-1.0.tgz'])
const empty = await build(103, [])
const needed = await build(104, [])

it('builds without a package go, and only those', async () => {
  const refused = await prune()
  assert.equal(refused.status, 409)
  assert.equal(refused.body.code, 'prune_without_items')

  const item = await admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
  const unset = await prune()
  assert.deepEqual([unset.status, unset.body], [200, { deleted: 0, kept: 0, unchecked: 4 }])

  await admin.put('/settings', { package_download_base_url: packageServer.url })
  await liWei.post(`/test-items/${item.body.data.id}/deploy-test`, { build_info_id: needed })
  packageServer.answerNext('/CDN/Core/103/', { status: 500 })
  const unread = await prune()
  assert.deepEqual([unread.status, unread.body], [200, { deleted: 1, kept: 2, unchecked: 1 }])

  const again = await prune()
  assert.deepEqual([again.status, again.body], [200, { deleted: 1, kept: 2, unchecked: 0 }])
  const { body } = await liWei.get('/builds')
  assert.deepEqual(
    body.data.map(({ id }: { id: number }) => id),
    [needed, full],
  )
  for (const id of [other, empty]) assert.equal((await liWei.get(`/builds/${id}`)).status, 404)
})

it('of a job without builds there is nothing to prune', async () => {
  await admin.post('/test-items', { name: 'edge', associated_job_name: 'CDN/Edge' })
  const { status, body } = await admin.post('/builds/job/CDN%2FEdge/prune')
  assert.equal(status, 404)
  assert.equal(body.code, 'job_without_builds')
})

it('what a slow package server leaves no time for stays unchecked', async () => {
  await admin.post('/test-items', { name: 'cache', associated_job_name: 'CDN/Cache' })
  for (let number = 1; number <= 8; number += 1) {
    await jenkins.post('/builds', coreBuild(number, { JOB_NAME: 'CDN/Cache' }))
  }
  const twentySeconds = async () => {
    mock.timers.tick(20_000)
    return false
  }
  mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const answer = await pruneBuilds(world.crat.ctx, 'CDN/Cache', twentySeconds, ADMIN)
  mock.timers.reset()
  assert.deepEqual(answer, { deleted: 3, kept: 0, unchecked: 5 })
})
