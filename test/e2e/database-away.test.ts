import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { LI_WEI, openWorld, WANG_FANG } from '../world/index.ts'
import { logIn, openWindow } from './browser.ts'

const folder = await mkdtemp(join(tmpdir(), 'crat-away-'))
const postgres = await startEmbeddedPostgres(join(folder, 'postgres'), { durable: false })
const world = await openWorld(folder, postgres.url, { env: { ROLE: 'web' } })
after(() => rm(folder, { recursive: true, force: true }))

test('while the database is away the page says so, and how to go on', async () => {
  const liWei = await openWindow(world.url)
  await logIn(liWei, LI_WEI)
  const wangFang = await openWindow(world.url, { locale: 'zh-CN' })
  await logIn(wangFang, WANG_FANG)
  await postgres.stop()

  for (const [page, heading, again] of [
    [liWei, 'The database is unavailable', 'Try again'],
    [wangFang, '数据库不可用', '重试'],
  ] as const) {
    const answer = await page.goto('/runs?status=PENDING')
    assert.equal(answer?.status(), 503)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    const link = page.getByRole('link', { name: again })
    assert.equal(await link.getAttribute('href'), '/runs?status=PENDING')
    assert.doesNotMatch(
      (await page.locator('main').textContent()) ?? '',
      /Prisma|ECONN|SELECT|\b[a-z]+:[a-z_]+/,
    )
  }
})
