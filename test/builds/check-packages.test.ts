import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { checkPackages } from '../../src/builds/check-packages.ts'
import { Visitor } from '../http/visitor.ts'
import { startPackageServer } from '../neighbours/package-server.ts'
import { CORE, coreBuild, LI_WEI, openWorld, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { db } = world.crat.ctx
const root = await mkdtemp(join(tmpdir(), 'crat-packages-'))
const packageServer = await startPackageServer(root)
after(async () => {
  await packageServer.close()
  await rm(root, { recursive: true })
})
await world.admin.put('/settings', { package_download_base_url: packageServer.url })
const { body } = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
const cds: number = body.data.id

const pathOf = (number: number) => `CDN/Core/${number}`

async function publish(number: number, file = `cds-${number}.tgz`): Promise<void> {
  await mkdir(join(root, pathOf(number)), { recursive: true })
  await writeFile(join(root, pathOf(number), file), 'x')
}
const announce = async (number: number): Promise<number> =>
  (await world.anyone.post('/builds', coreBuild(number, { PACKAGE_PATH: pathOf(number) }))).body.data.id
const look = () => checkPackages(db, world.crat.ctx.packageWatch)
const hasPackage = async (id: number) => (await world.liWei.get(`/builds/${id}`)).body.data.has_package
const due = (id: number) => db.build.updateMany({ where: { id }, data: { packageNextCheckAt: new Date(0) } })
const trigger = async (build_info_id: number) =>
  (await world.liWei.post(`/test-items/${cds}/deploy-test`, { build_info_id })).body.data
const asIfLooked = (id: number, at: Date) =>
  db.build.updateMany({ where: { id }, data: { packageCheckedAt: at } })

describe('a build that is announced', () => {
  it('is looked at once, by one of two processes, and says whether it has a package for an item', async () => {
    await publish(101)
    await publish(102, 'edge-102.tgz')
    const [full, other, none] = [await announce(101), await announce(102), await announce(103)]
    assert.equal(await hasPackage(full), null)
    const asked = packageServer.requests.length
    await Promise.all([look(), look()])
    assert.equal(packageServer.requests.length - asked, 3)
    assert.deepEqual(
      [await hasPackage(full), await hasPackage(other), await hasPackage(none)],
      [true, false, false],
    )
    assert.equal(await look(), 0)
  })

  it('without a package is looked at again, for it may be published later; then no more', async () => {
    const id = await announce(104)
    await look()
    await publish(104)
    assert.equal(await look(), 0)
    await due(id)
    assert.equal(await look(), 1)
    assert.equal(await hasPackage(id), true)

    const never = await announce(105)
    for (let looks = 1; looks <= 6; looks += 1) {
      assert.equal(await look(), 1, `look ${looks}`)
      const { packageNextCheckAt } = await db.build.findUniqueOrThrow({ where: { id: never } })
      assert.equal(packageNextCheckAt === null, looks === 6)
      if (looks < 6) await due(never)
    }
    assert.equal(await look(), 0)
  })

  it('of which nobody can say is neither', async () => {
    const id = await announce(106)
    packageServer.answerNext(`/${pathOf(106)}/`, { status: 403 })
    await look()
    const { data } = (await world.liWei.get(`/builds/${id}`)).body
    assert.equal(data.has_package, null)
    assert.ok(data.package_checked_at)
  })

  it('is not looked at while the package server is unavailable, and is as soon as it is back', async () => {
    const { packageWatch } = world.crat.ctx
    await publish(107)
    const id = await announce(107)
    await world.admin.put('/settings', { package_download_base_url: 'http://127.0.0.1:9' })
    await look()
    assert.ok(packageWatch.unavailableUntil > Date.now())
    await world.admin.put('/settings', { package_download_base_url: packageServer.url })
    const asked = packageServer.requests.length
    await look()
    assert.equal(packageServer.requests.length, asked)
    assert.equal(await hasPackage(id), null)
    packageWatch.unavailableUntil = 0
    await look()
    assert.equal(await hasPackage(id), true)
  })

  it('while no process works is looked at by the next one', async () => {
    const id = await announce(108)
    await openWorld(world.dataDir, world.databaseUrl, { env: { ROLE: 'worker' } })
    while ((await hasPackage(id)) === null) await new Promise(resolve => setImmediate(resolve))
    assert.equal(await hasPackage(id), false)
  })
})

describe('Li Wei', () => {
  it('sees on the pages that a build has no package yet', async () => {
    await world.liWei.put('/job-versions', { job_name: CORE, build_id: await announce(109) })
    await look()
    const visitor = await new Visitor(world.url).logIn(LI_WEI)
    for (const path of ['/builds', `/builds?job_name=${encodeURIComponent(CORE)}`])
      assert.match((await visitor.open(path)).html, /No package yet/)
    assert.match((await visitor.open(`/tests/${cds}`)).html, /The selected build has no package yet/)
    const answer = await visitor.submit(`/tests/${cds}/trigger`)
    assert.match(answer.html, /Triggered, but build 109 of CDN\/Core has no package yet/)
  })

  it('is warned when she triggers it, and the run waits all the same', async () => {
    const id = await announce(110)
    const { run_id, warning } = await trigger(id)
    assert.match(warning, /build 110 of CDN\/Core has no package yet/)
    assert.ok(run_id)
  })

  it('is not warned on an old look where a package is there by now', async () => {
    const id = await announce(111)
    assert.match((await trigger(id)).warning, /no package/)
    await publish(111)
    assert.match((await trigger(id)).warning, /no package/)
    await asIfLooked(id, new Date(Date.now() - 60_000))
    assert.equal((await trigger(id)).warning, null)
    assert.equal(await hasPackage(id), true)
  })
})
