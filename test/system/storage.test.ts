import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { folderSize } from '../../src/system/folder-size.ts'
import { measureStorage, TABLE_KINDS } from '../../src/system/storage.ts'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, coreBuild, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { db, config } = world.crat.ctx

describe('what takes how much room', () => {
  it('counts tables and folders, and says what goes next', async () => {
    await world.anyone.post('/builds', coreBuild(101))
    await mkdir(join(world.dataDir, 'packages', 'deep'), { recursive: true })
    await writeFile(join(world.dataDir, 'packages', 'deep', 'cds.tar.gz'), Buffer.alloc(5_000))
    await world.admin.put('/settings', { keep_builds_days: 10 })

    const { total, kept } = await measureStorage({ db, ...config })

    assert.ok(total > 1_000_000)
    const builds = kept.find(({ kind }) => kind === 'builds')
    assert.ok((builds?.bytes ?? 0) > 8_000)
    assert.deepEqual(builds?.limits, [
      { name: 'keep_builds_days', value: 10 },
      { name: 'keep_builds_per_job', value: 1000 },
    ])
    const days = ((builds?.nextAt?.getTime() ?? 0) - Date.now()) / 86_400_000
    assert.ok(days > 9.9 && days <= 10, `${days}`)
    const packages = kept.find(({ kind }) => kind === 'packages')
    assert.deepEqual([packages?.bytes, packages?.items, packages?.cut], [5_000, 1, false])
    assert.deepEqual(await folderSize(join(world.dataDir, 'nothing')), { bytes: 0, files: 0, cut: false })
  })

  it('counts every table', async () => {
    const tables = await db.$queryRaw<{ name: string }[]>`
      SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY name`
    assert.deepEqual(
      TABLE_KINDS.flatMap(({ tables }) => tables).sort(),
      tables.map(({ name }) => name).sort(),
    )
  })

  it('is a page for admins, in both languages', async () => {
    const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
    for (const [language, words] of [
      ['en', 'Downloaded packages'],
      ['zh-CN', '下载的软件包'],
    ] as const) {
      admin.setCookie('lang', language)
      const { status, html } = await admin.open('/settings/storage')
      assert.equal(status, 200, html)
      assert.ok(html.includes(words))
    }
  })
})
