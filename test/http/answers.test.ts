import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { API } from '../../src/routes.ts'
import { makeBundle, putBundle } from '../script-bundles/bundles.ts'
import { type ApiClient, CORE, startWorkingWorld } from '../world/index.ts'

// A finished run, one that failed, and a queued one: every field has been filled somewhere.
const world = await startWorkingWorld()
const { admin, liWei } = world
await world.buildCore(101)
const finished = await world.trigger()
await liWei.untilRun(
  finished,
  run => run.steps.at(-1)?.name === 'notify' && run.steps.at(-1).status === 'COMPLETED',
)
world.neighbours.testServer.answerNext('POST', { status: 500 })
const failed = await world.trigger()
await liWei.untilFinished(failed)
await admin.put('/job-versions', { job_name: CORE, build_id: await world.buildCore(102), auto_sync: false })

await putBundle({ url: world.url, token: admin.token }, 'cds-tests', await makeBundle({ 'run.py': '' }))

type Ids = Record<string, number | string>

async function calls(client: ApiClient, ids: Ids) {
  const answers = []
  for (const [method, path, who, endpoint] of API) {
    // Files have tests of their own.
    if (method !== 'GET' || !endpoint.answers[200]) continue
    for (const id of path.startsWith('/deploy-test-runs/:id')
      ? [finished, failed]
      : [ids[path.split('/')[1] ?? ''] ?? 0]) {
      const url = path
        .replace(':id', `${id}`)
        .replace(':key', 'project_name')
        .replace('*job_name', CORE)
        .replace(':name', 'cds-tests')
        .replace(':other', `${failed}`)
      answers.push({
        url,
        schema: endpoint.answers[200],
        ...(await (who.startsWith('admin') ? world.admin : client).get(url)),
      })
    }
  }
  return answers
}

describe('what the API answers is what it says that it answers, field for field', async () => {
  const { data: builds } = (await liWei.get('/builds')).body
  const { data: sets } = (await liWei.get('/parameter-sets')).body
  const ids = { builds: builds[0].id, 'test-items': world.cds, 'parameter-sets': sets[0].id, environments: 1 }

  for (const { url, status, schema, body } of await calls(liWei, ids)) {
    it(`GET ${url}`, () => {
      assert.equal(status, 200, body.error)
      // A parsed object loses what its schema does not name.
      assert.deepEqual(schema?.parse(body), body)
    })
  }
})

describe('the objects have the fields of the contract', async () => {
  const fields = (text: string) => text.split(', ')
  const { data: run } = (await liWei.get(`/deploy-test-runs/${finished}`)).body
  const [job] = (await liWei.get('/job-versions')).body
  const { data: sets } = (await liWei.get('/parameter-sets')).body
  for (const [name, object, wanted] of [
    ['build', run.build_info, 'id, job_name, build_number, package_path, build_user, created_at, raw_data'],
    ['job_version', job, 'id, job_name, selected_build, auto_sync_enabled, last_sync_time, updated_at'],
    [
      'test_item',
      run.test_item,
      'id, name, description, associated_job_name, associated_parameter_set_id, notification_enabled, created_at, updated_at',
    ],
    ['parameter_set', sets[0], 'id, name, description, parameters, version, created_at, updated_at'],
    ['step', run.steps[0], 'name, status, start_time, end_time, details, error'],
    [
      'summary',
      run.summary,
      'passed, failed, broken, skipped, unknown, total, pass_rate, start, stop, duration_ms, min_duration_ms, max_duration_ms, sum_duration_ms',
    ],
    [
      'run',
      run,
      'id, test_item_id, test_item, build_info_id, build_info, parameter_set_id, parameters, triggered_by, status, outcome, queue_position, download_url, download_path, task_id, report_url, summary, steps, error_message, response_raw_data, max_query_hours, query_interval, query_timeout, created_at, started_at, finished_at, retry_of',
    ],
  ] as const)
    it(name, () => {
      for (const field of fields(wanted)) assert.ok(field in object, `${name} lacks ${field}`)
    })

  it('and times with their zone', () => {
    for (const time of [
      run.created_at,
      run.started_at,
      run.finished_at,
      run.steps[0].end_time,
      job.last_sync_time,
    ])
      assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })
})
