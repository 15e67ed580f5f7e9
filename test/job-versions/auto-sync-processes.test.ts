import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ApiClient, coreBuild, openWorld, startWorld } from '../world/index.ts'

const env = { ROLE: 'web' }
const one = await startWorld({ env })
const other = await openWorld(one.dataDir, one.databaseUrl, { env })

it('several processes that sync at once change each job once', async () => {
  const { db } = one.crat.ctx
  const names = ['a', 'b', 'c', 'd', 'e']
  for (const JOB_NAME of names)
    for (const number of [101, 102]) await one.anyone.post('/builds', coreBuild(number, { JOB_NAME }))
  await db.jobVersion.updateMany({ data: { lastSyncTime: new Date(Date.now() - 25 * 3_600_000) } })
  // The same session is good in every process.
  const liWei = [one.url, other.url].map(url => new ApiClient(url, other.liWei.token))

  const answers = await Promise.all(
    [...liWei, ...liWei, ...liWei].map(client => client.post('/job-versions/auto-sync')),
  )

  assert.equal(
    answers.reduce((sum, { body }) => sum + body.sync_count, 0),
    names.length,
  )
  const { body } = await other.liWei.get('/job-versions')
  for (const { job_name, selected_build } of body) assert.equal(selected_build.build_number, 102, job_name)
  assert.equal(await db.jobVersionChange.count({ where: { reason: 'auto' } }), names.length)
})
