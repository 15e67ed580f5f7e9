import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { makePackage } from '../neighbours/demo-build.ts'
import { SUBMIT } from '../neighbours/test-server.ts'
import { startWorkingWorld } from '../world/index.ts'
import { mailAbout } from './story.ts'

const world = await startWorkingWorld()
const { packageServer, testServer } = world.neighbours

/** Announces a build of that job whose directory holds these packages, and runs the item. */
async function runItem(jobName: string, itemName: string, folder: string, packages: string[]) {
  await mkdir(join(packageServer.root, folder), { recursive: true })
  for (const name of packages) await makePackage(join(packageServer.root, folder, name), {})
  const build = await world.anyone.post('/builds', {
    ...{ JOB_NAME: jobName, BUILD_NUMBER: 7, PACKAGE_PATH: folder, BUILD_USER: '<i>李伟</i>' },
  })
  assert.equal(build.status, 201, build.body.error)
  const item = await world.admin.post('/test-items', { name: itemName, associated_job_name: jobName })
  assert.equal(item.status, 201, item.body.error)
  const { status, body } = await world.liWei.post(`/test-items/${item.body.data.id}/deploy-test`, {
    build_info_id: build.body.data.id,
  })
  assert.equal(status, 200, body.error)
  return world.liWei.untilFinished(body.data.run_id)
}

describe('a job', () => {
  for (const [i, job] of [
    '<b>"x"</b>',
    '作业 A/B',
    `O'Neil & Söhne/100%`,
    '🚀',
    '../up',
    '$& {{name}} $t(x)',
  ].entries()) {
    it(`may be called ${job}`, async () => {
      const run = await runItem(job, `cds${i}`, `build/${i}`, [`cds${i}_release.tgz`])
      assert.equal(run.status, 'COMPLETED', run.error_message)
      assert.equal(run.job_name, job)
      const mail = await mailAbout(world, run)
      assert.ok(mail.text?.includes(`${job} #7`), `${mail.text}`)
      assert.doesNotMatch(mail.html ?? '', /<b>"x"<\/b>|<i>李伟<\/i>/)
      const path = `/builds/job/${encodeURIComponent(job)}/latest`
      assert.equal((await world.liWei.get(path)).body.data.job_name, job)
    })
  }
})

describe('the name of an item is text, never a pattern', () => {
  const ITEMS: [item: string, packages: string[], chosen: string][] = [
    ['c.s', ['cds_release.tgz', 'c.s_debug.tgz'], 'c.s_debug.tgz'],
    ['a(b', ['ab_release.tgz', 'a(b_1.tgz'], 'a(b_1.tgz'],
    ['[vod]', ['v_release.tgz', '[vod]_1.tgz'], '[vod]_1.tgz'],
    ['点播 <1>', ['vod_release.tgz', '点播 <1> 100%.tgz'], '点播 <1> 100%.tgz'],
  ]
  for (const [item, packages, chosen] of ITEMS) {
    it(`${item} matches only itself`, async () => {
      const run = await runItem(
        'CDN/Items',
        item,
        `build/items/${Buffer.from(item).toString('hex')}`,
        packages,
      )
      assert.equal(run.status, 'COMPLETED', run.error_message)
      assert.ok(decodeURIComponent(run.download_url).endsWith(`/${chosen}`), run.download_url)
      const request = JSON.parse(testServer.requestsTo(SUBMIT).at(-1)?.body ?? '')
      assert.equal(request.service_name, item)
      assert.equal((await mailAbout(world, run)).subject?.endsWith(`· ${item} #7`), true)
    })
  }
})
