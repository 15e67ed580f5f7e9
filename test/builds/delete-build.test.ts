import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { coreBuild, startWorld } from '../world/index.ts'

// No worker: what is triggered stays queued.
const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei, admin } = world

const announce = async (JOB_NAME: string, number: number): Promise<number> =>
  (await jenkins.post('/builds', coreBuild(number, { JOB_NAME }))).body.data.id

async function trigger(JOB_NAME: string): Promise<number> {
  const item = await admin.post('/test-items', { name: `cds of ${JOB_NAME}`, associated_job_name: JOB_NAME })
  const { status, body } = await liWei.post(`/test-items/${item.body.data.id}/deploy-test`)
  assert.equal(status, 200, body.error)
  return body.data.run_id
}

/** Gives a run a build in a transaction that is still open when `act` begins, and commits once `act` waits for it. */
async function whileTriggered<T>(run: number, build: number, act: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    await client.query('UPDATE deploy_test_runs SET build_info_id = NULL WHERE id = $1', [run])
    await client.query('BEGIN')
    await client.query(`UPDATE deploy_test_runs SET status = 'PENDING', build_info_id = $1 WHERE id = $2`, [
      ...[build, run],
    ])
    const answer = act()
    await Promise.race([answer, untilSomeoneWaits(client)])
    await client.query('COMMIT')
    return await answer
  } finally {
    await client.end()
  }
}

async function untilSomeoneWaits(client: pg.Client): Promise<void> {
  const waiting = 'SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))'
  const deadline = Date.now() + 5_000
  while (!(await client.query(waiting)).rowCount && Date.now() < deadline) await pause(10)
}

describe('an admin deletes a build', () => {
  it('and it is gone, from the selection too', async () => {
    const id = await announce('CDN/Core', 101)
    await announce('CDN/Core', 102)

    const { status, body } = await admin.delete(`/builds/${id}`)

    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['message'])
    assert.equal((await liWei.get(`/builds/${id}`)).status, 404)
    assert.equal((await liWei.get('/job-versions/CDN%2FCore')).body.selected_build, null)
    const history = (await liWei.get('/job-versions/CDN%2FCore/history')).body
    assert.deepEqual([history.total, history.data[0].build], [1, null])
    assert.equal((await admin.delete(`/builds/${id}`)).status, 404)
  })

  it('but not while a run is queued that needs it', async () => {
    const id = await announce('CDN/Edge', 101)
    const run = await trigger('CDN/Edge')

    const refused = await admin.delete(`/builds/${id}`)
    assert.equal(refused.status, 409)
    assert.equal(refused.body.code, 'build_in_use')
    assert.match(refused.body.error, /CDN\/Edge #101/)

    await liWei.post(`/deploy-test-runs/${run}/cancel`)
    assert.equal((await admin.delete(`/builds/${id}`)).status, 200)
    const { body } = await liWei.get(`/deploy-test-runs/${run}`)
    assert.deepEqual([body.data.build_info_id, body.data.build_info], [null, null])
  })

  it('but not while someone triggers it', async () => {
    await announce('CDN/Cache', 101)
    const run = await trigger('CDN/Cache')
    await liWei.post(`/deploy-test-runs/${run}/cancel`)
    const next = await announce('CDN/Cache', 102)

    const ways = [`/builds/${next}`, '/builds/job-names/CDN%2FCache']
    for (const path of ways) {
      const { status } = await whileTriggered(run, next, () => admin.delete(path))
      assert.equal(status, 409, path)
      await liWei.post(`/deploy-test-runs/${run}/cancel`)
    }
    assert.equal((await liWei.get(`/builds/${next}`)).status, 200)
  })
})

describe('an admin deletes a job', () => {
  it('and its builds go, too', async () => {
    const id = await announce('作业 A/B', 101)
    await announce('other', 101)

    const { status, body } = await admin.delete(`/builds/job-names/${encodeURIComponent('作业 A/B')}`)

    assert.equal(status, 200)
    assert.equal(body.job_name, '作业 A/B')
    assert.equal(typeof body.message, 'string')
    assert.equal((await liWei.get(`/builds/${id}`)).status, 404)
    assert.equal((await liWei.get('/builds/job/other')).body.total, 1)
    assert.ok(!(await liWei.get('/builds/job-names')).body.data.includes('作业 A/B'))
    assert.equal((await liWei.get(`/job-versions/${encodeURIComponent('作业 A/B')}`)).status, 404)
  })

  it('but none that is not there', async () => {
    const { status, body } = await admin.delete('/builds/job-names/nobody')
    assert.equal(status, 404)
    assert.equal(body.code, 'job_not_found')
  })

  it('but not while one of its runs is queued', async () => {
    const id = await announce('busy', 101)
    const run = await trigger('busy')
    for (const path of ['/builds/job-names/busy', '/job-versions/busy']) {
      const { status, body } = await admin.delete(path)
      assert.equal(status, 409, path)
      assert.equal(body.code, 'job_in_use')
      assert.match(body.error, new RegExp(`Run ${run} `))
    }
    assert.equal((await liWei.get(`/builds/${id}`)).status, 200)
  })

  it('and Jenkins, which announces its builds meanwhile, notices nothing', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 4 === 3
          ? admin.delete('/builds/job-names/race').then(() => null)
          : jenkins.post('/builds', coreBuild(index, { JOB_NAME: 'race', BUILD_NUMBER: (index % 4) + 1 })),
      ),
    )
    for (const answer of answers) if (answer) assert.ok(answer.status < 300, answer.body.error)
  })
})
