import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { importFrom1x } from '../../src/import-1x/import.ts'
import type { Counts, Remark } from '../../src/import-1x/journal.ts'
import { openSource } from '../../src/import-1x/source.ts'
import { openTarget } from '../../src/import-1x/target.ts'
import { query } from '../postgres/empty-database.ts'
import { startWorld } from '../world/index.ts'
import { oldDatabase } from './old-database.ts'

interface Imported {
  counts: Record<string, Counts>
  remarks: Remark[]
  said: string[]
}

const world = await startWorld({ env: { ROLE: 'web' } })
const old = await oldDatabase()

describe('a database of CRAT 1.x', () => {
  async function runImport({
    dryRun = false,
    onProgress = (_table: string, _done: number, _of: number) => {},
  } = {}): Promise<Imported> {
    const source = await openSource(old.readerUrl)
    const target = await openTarget(world.databaseUrl, '1.x', dryRun)
    const [remarks, said]: [Remark[], string[]] = [[], []]
    try {
      const { sealer } = world.crat.ctx
      const counts = await importFrom1x({
        ...{ source, target, sealer, onProgress },
        ...{ remark: remark => void remarks.push(remark), say: line => void said.push(line) },
      })
      return { counts: Object.fromEntries(counts), remarks, said }
    } finally {
      await Promise.allSettled([source.close(), target.close()])
    }
  }

  const get = async (path: string) => (await world.liWei.get(path)).body.data
  const own = (sql: string) => query(world.databaseUrl, sql)
  const why = ({ remarks }: Imported, table: string, id: string) =>
    remarks.filter(remark => remark.table === table && remark.id === id).map(remark => remark.why)

  it('is shown and not taken by a dry run', async () => {
    const before = await counted(own)
    const { counts } = await runImport({ dryRun: true })
    assert.equal(counts.build_info?.taken, 1203)
    assert.equal(counts.deploy_test_runs?.taken, 3)
    assert.deepEqual(await counted(own), before)
  })

  it('is taken as far as it goes when the import is cut in the middle, and the next one goes on', async () => {
    const contents = await old.contents()
    const cut = runImport({
      onProgress(table, done) {
        if (table !== 'build_info' || done < 1_000) return
        void own(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE application_name = 'crat-import' AND datname = current_database()`)
      },
    })
    await assert.rejects(cut)
    const [half] = await own('SELECT count(*)::int AS builds FROM build_info')
    assert.ok(Number(half?.builds) >= 990, 'a whole batch')

    const { counts } = await runImport()

    const { unchanged = 0, taken = 0, merged = 0 } = counts.build_info ?? {}
    assert.equal(unchanged + taken + merged, 1204)
    const [all] = await own('SELECT count(*)::int AS builds FROM build_info')
    assert.equal(all?.builds, 1203)
    assert.equal(await old.contents(), contents)
  })

  it('is not taken twice', async () => {
    const before = await counted(own)
    const { counts } = await runImport()
    for (const [table, { taken, updated }] of Object.entries(counts))
      assert.deepEqual({ table, taken, updated }, { table, taken: 0, updated: 0 })
    assert.deepEqual(await counted(own), before)
  })

  it('keeps the ids and every field of builds, runs and steps', async () => {
    const build = await get('/builds/1')
    assert.partialDeepStrictEqual(build, {
      ...{ id: 1, job_name: 'CDN/Core', build_number: 101, package_path: '/build/CDN/Core/101/' },
      ...{ build_user: 'li.wei', created_at: '2025-03-04T01:00:00.123Z' },
    })
    const [raw] = await own(`SELECT raw_data ->> 'COMMIT' AS commit FROM build_info WHERE id = 1`)
    assert.equal(raw?.commit, '12345678901234567890')

    const run = await get('/deploy-test-runs/11')
    assert.equal(run.status, 'COMPLETED')
    assert.equal(run.outcome, 'failed')
    assert.equal(run.test_item.name, 'cds')
    assert.equal(run.build_info_id, 1)
    assert.equal(run.triggered_by, 'li.wei@example.com')
    assert.equal(run.report_url, 'http://10.8.24.59:9000/reports/11/')
    assert.equal(run.task_id, 'task-11')
    assert.equal(run.download_path, '/tmp/cds.tar.gz')
    assert.equal(run.parameters.base_url, 'http://10.8.24.59:59996')
    assert.equal(run.created_at, '2025-03-04T02:00:00.000Z')
    assert.equal(run.started_at, '2025-03-04T02:00:01.500Z')
    assert.equal(run.finished_at, '2025-03-04T02:20:00.000Z')
    assert.equal(run.summary.total, 42)
    assert.equal(run.summary.failed, 2)
    assert.deepEqual(
      run.steps.map(({ name, status }: { name: string; status: string }) => `${name} ${status}`),
      ['download COMPLETED', 'test COMPLETED', 'monitor COMPLETED', 'notify CANCELLED'],
    )
    assert.deepEqual(run.steps[0].details, { message: 'Package downloaded to /tmp/cds.tar.gz' })
    assert.equal(run.response_raw_data.result.test.passed, 40)
    assert.equal((await get('/deploy-test-runs/12')).build_info_id, 1, 'of the build announced twice')
    assert.equal((await get('/deploy-test-runs/12')).finished_at, '2025-03-04T03:00:02.000Z')
  })

  it('brings selections, items, parameter sets and settings', async () => {
    const core = (await world.liWei.get('/job-versions/CDN%2FCore')).body
    assert.equal(core.selected_build.id, 1)
    assert.equal(core.auto_sync_enabled, false)
    const nightly = (await world.liWei.get('/job-versions/CDN%2FNightly')).body
    assert.equal(nightly.selected_build.build_number, 1200)
    const items = await get('/test-items')
    assert.deepEqual(
      items.map(({ id, name }: { id: number; name: string }) => `${id} ${name}`),
      ['3 by-hand', '1 cds', '2 live'],
    )
    assert.equal(items[1].notification_enabled, true)
    assert.equal(items[2].associated_parameter_set_id, 2)
    assert.equal((await get('/parameter-sets/2')).parameters.install_dir, '/opt/cdn/live/')
    const [standard] = await own(`SELECT version, parameters FROM parameter_sets WHERE name = 'default'`)
    assert.equal(standard?.version, 2)
    const settings = await get('/settings')
    assert.equal(settings.project_name.value, 'CDN 自动化')
    assert.equal(settings.package_download_base_url.value, 'http://••••••@127.0.0.1/build/')
    const stored = await own(`SELECT 1 FROM system_settings WHERE value::text LIKE '%s3cret%'`)
    assert.equal(stored.length, 0)
    const [environment] = await get('/environments')
    assert.equal(environment.test_server_url, 'http://10.8.24.59:8000')
    assert.equal((await own("SELECT 1 FROM user_sessions WHERE token_hash = 'token-of-1x'")).length, 0)
  })

  it('keeps what housekeeping would remove', async () => {
    const settings = await get('/settings')
    assert.ok(settings.keep_builds_days.value > 365 * 1.5)
    assert.equal(settings.keep_builds_per_job.value, 2400)
    assert.equal(settings.keep_runs_per_item.value, 500)
  })

  it('names each row that cannot be taken, and why', async () => {
    const imported = await runImport()
    assert.match(why(imported, 'build_info', '4').join(), /PACKAGE_PATH must not contain/)
    assert.match(why(imported, 'build_info', '6').join(), /JOB_NAME/)
    assert.match(why(imported, 'build_info', '7').join(), /BUILD_NUMBER/)
    assert.deepEqual(why(imported, 'parameter_sets', '3'), ['its parameters are no JSON object'])
    assert.deepEqual(why(imported, 'system_settings', 'test_blocking_enabled'), [
      'CRAT 2 has no such setting',
    ])
    for (const [id, status] of [
      ['14', 'MONITORING'],
      ['15', 'QUEUED'],
    ] as const)
      assert.deepEqual(why(imported, 'deploy_test_runs', id), [
        `it is not finished (${status}); an import after its end takes it`,
      ])
    assert.deepEqual(why(imported, 'deploy_test_runs', '16'), [
      'its status is "EXPLODED", which does not exist',
    ])
    assert.equal(imported.counts.deploy_test_runs?.notTaken, 3)
  })

  it('is taken again where it has changed since, but for what was changed here', async () => {
    await world.admin.put('/test-items/2', { description: 'changed here' })
    await world.admin.put('/settings', { project_name: 'Named here' })
    await query(
      old.url,
      `UPDATE test_items SET description = 'changed there', updated_at = now() WHERE id IN (1, 2);
       UPDATE parameter_sets SET parameters = '{"install_dir": "/opt/new/"}', updated_at = now() WHERE id = 2;
       UPDATE job_version_selections SET selected_build_id = 3, updated_at = now() WHERE id = 1;
       UPDATE system_settings SET value = 'Named there' WHERE key = 'project_name';
       UPDATE deploy_test_runs SET status = 'COMPLETED', finished_at = now(), report_url = 'http://10.8.24.59/14/' WHERE id = 14;
       UPDATE deploy_test_runs SET steps = jsonb_set(steps, '{3,status}', '"COMPLETED"') WHERE id = 11;
       INSERT INTO build_info (job_name, build_number, package_path, created_at) VALUES ('CDN/Core', 104, 'CDN/Core/104', now())`,
    )

    const imported = await runImport()

    const items = await get('/test-items')
    assert.deepEqual(
      items.map((item: { description: string }) => item.description),
      ['', 'changed there', 'changed here'],
    )
    assert.match(why(imported, 'test_items', '2').join(), /changed .*in CRAT 2/)
    const live = await get('/parameter-sets/2')
    assert.deepEqual([live.version, live.parameters.install_dir], [2, '/opt/new/'])
    assert.equal((await world.liWei.get('/job-versions/CDN%2FCore')).body.selected_build.id, 3)
    assert.equal((await get('/settings')).project_name.value, 'Named here')
    assert.match(why(imported, 'system_settings', 'project_name').join(), /by admin, which stays/)
    assert.equal((await get('/deploy-test-runs/14')).report_url, 'http://10.8.24.59/14/')
    assert.equal((await get('/deploy-test-runs/11')).steps[3].status, 'COMPLETED')
    assert.equal(imported.counts.deploy_test_runs?.updated, 1)
    assert.equal(imported.counts.build_info?.taken, 1)
  })

  it('leaves what people set up here before, also where it changes in 1.x afterwards', async () => {
    const job = { JOB_NAME: 'CDN/Both', PACKAGE_PATH: 'CDN/Both' }
    await world.anyone.post('/builds', { ...job, BUILD_NUMBER: 1 })
    const { body } = await world.anyone.post('/builds', { ...job, BUILD_NUMBER: 2 })
    await world.liWei.put('/job-versions', { job_name: 'CDN/Both', build_id: body.data.id })
    await world.admin.post('/test-items', { name: 'both', description: 'made here' })
    await world.admin.post('/parameter-sets', { name: 'both', parameters: { install_dir: '/opt/here/' } })
    const change = (number: number) =>
      query(
        old.url,
        `INSERT INTO test_items (id, name, created_at, updated_at) VALUES (90, 'both', now(), now()) ON CONFLICT DO NOTHING;
         INSERT INTO parameter_sets (id, name, parameters, created_at, updated_at) VALUES (90, 'both', '{}', now(), now()) ON CONFLICT DO NOTHING;
         INSERT INTO job_version_selections (id, job_name, auto_sync_enabled, updated_at) VALUES (90, 'CDN/Both', true, now()) ON CONFLICT DO NOTHING;
         UPDATE test_items SET description = 'there ${number}' WHERE id = 90;
         UPDATE parameter_sets SET parameters = '{"install_dir": "/opt/${number}/"}' WHERE id = 90;
         UPDATE job_version_selections SET last_sync_time = now(), selected_build_id = NULL WHERE id = 90`,
      )
    await change(1)
    const first = await runImport()
    await change(2)
    const second = await runImport()

    for (const table of ['test_items', 'parameter_sets', 'job_version_selections']) {
      assert.equal(first.counts[table]?.merged, 1, table)
      assert.match(why(second, table, '90').join(), /in CRAT 2 as well/, table)
    }
    const [item] = await own(`SELECT description FROM test_items WHERE name = 'both'`)
    assert.equal(item?.description, 'made here')
    const [set] = await own(
      `SELECT parameters ->> 'install_dir' AS folder FROM parameter_sets WHERE name = 'both'`,
    )
    assert.equal(set?.folder, '/opt/here/')
    const selected = (await world.liWei.get('/job-versions/CDN%2FBoth')).body
    assert.deepEqual([selected.selected_build.build_number, selected.auto_sync_enabled], [2, true])
  })

  it('leaves the ids above its own to new rows', async () => {
    const { body } = await world.anyone.post('/builds', {
      ...{ JOB_NAME: 'CDN/Core', BUILD_NUMBER: 9, PACKAGE_PATH: 'CDN/Core/9' },
    })
    assert.ok(body.data.id > 5_000)
  })

  it('is not mixed up with another one', async () => {
    await query(old.url, 'UPDATE build_info SET build_number = build_number + 1')
    await assert.rejects(runImport(), /are others in this database/)
  })
})

async function counted(own: (sql: string) => Promise<Record<string, unknown>[]>) {
  return own(`SELECT
    (SELECT count(*) FROM build_info) AS builds, (SELECT count(*) FROM deploy_test_runs) AS runs,
    (SELECT count(*) FROM deploy_test_steps) AS steps, (SELECT count(*) FROM test_items) AS items,
    (SELECT count(*) FROM parameter_set_versions) AS versions, (SELECT count(*) FROM imported_rows) AS mapped,
    (SELECT count(*) FROM job_version_selections) AS jobs`)
}
