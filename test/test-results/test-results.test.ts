import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import pg from 'pg'
import { Visitor } from '../http/visitor.ts'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { mailAbout, type Run, stepOf } from '../runs/story.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { makeReport, type Verdict } from './test-results-reports.ts'

const world = await startWorkingWorld()
const { reportServer, testServer } = world.neighbours
const wangFang = await new Visitor(world.url).logIn(WANG_FANG)

const REPORTS: Record<string, Record<string, Verdict>> = {
  before: { login: 'passed', seek: 'passed', hls: 'broken', dash: 'failed', live: 'passed' },
  after: { login: 'passed', seek: 'failed', hls: 'broken', dash: 'passed', live: 'skipped' },
}
await Promise.all(Object.entries(REPORTS).map(([name, tests]) => makeReport(reportServer.root, name, tests)))

/** A run whose tests are reported there. */
async function runWith(report: string): Promise<Run> {
  const url = `${reportServer.url}/${report}/`
  testServer.answerNext(
    POLL,
    taskAnswer('completed', { result: { deploy: { success: true }, test: { report_url: url } } }),
  )
  return world.liWei.untilFinished(await world.trigger())
}

const testsOf = async (run: Run, query = '') =>
  (await world.liWei.get(`/deploy-test-runs/${run.id}/tests${query}`)).body

const inBrief = (tests: Run[]) =>
  tests.map(({ name, status, change, flaky }) => ({ name, status, change, flaky }))

const words = (html = '') =>
  html
    .replace(/<style>.*<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

let first: Run
let second: Run

describe('the tests of a first run', () => {
  it('are kept, and nothing is said to be new', async () => {
    await world.buildCore(101)
    first = await runWith('before')
    assert.equal(first.changes, null)
    const { data, total } = await testsOf(first)
    assert.equal(total, 5)
    assert.deepEqual(inBrief(data)[2], { name: 'hls', status: 'broken', change: null, flaky: false })
    const mail = await mailAbout(world, first)
    assert.match(mail.text ?? '', /2 tests fail\n- live › hls\n- live › dash\n/)
    const { html } = await wangFang.open(`/runs/${first.id}`)
    assert.match(words(html), /Failing tests 2 hls hls: &lt;b&gt;404/)
    assert.doesNotMatch(html, /What changed|Compared with/)
  })
})

describe('the tests of the next build', () => {
  it('are compared with those before', async () => {
    await world.buildCore(102)
    await world.admin.post('/job-versions/CDN%2FCore/sync')
    second = await runWith('after')
    assert.equal(second.build_number, 102)
    assert.deepEqual(second.changes, { new_failures: 1, still_failing: 1, fixed: 1, flaky: 0 })
    const { data } = await testsOf(second)
    assert.deepEqual(
      data.map(({ name, change }: Run) => `${name} ${change}`),
      ['login null', 'seek new_failure', 'hls still_failing', 'dash fixed', 'live null'],
    )
  })

  it('are filtered by status and by what has become of them, and paged', async () => {
    const failed = await testsOf(second, '?status=failed')
    assert.equal(failed.total, 1)
    assert.deepEqual(
      { ...failed.data[0], id: '' },
      {
        ...{ id: '', name: 'seek', suite: 'live', status: 'failed', change: 'new_failure', flaky: false },
        ...{ duration_ms: 100, retries: 0, message: 'seek: <b>404</b>', trace: 'Traceback\n  File seek.py' },
        url: failed.data[0].url,
      },
    )
    assert.equal((await testsOf(second, '?change=fixed')).data[0].name, 'dash')
    const paged = await testsOf(second, '?limit=2&offset=4')
    assert.deepEqual([paged.data.length, paged.total, paged.limit, paged.offset], [1, 5, 2, 4])
    assert.equal((await world.liWei.get(`/deploy-test-runs/${second.id}/tests?status=red`)).status, 400)
    assert.equal((await world.liWei.get('/deploy-test-runs/4711/tests')).status, 404)
    assert.equal((await world.anyone.get(`/deploy-test-runs/${second.id}/tests`)).status, 401)
  })

  it('are told in the mail', async () => {
    const { text, html } = await mailAbout(world, second)
    assert.match(text ?? '', /1 test fails that did not before\n- live › seek\n1 still fails · 1 fixed\n/)
    assert.match(words(html), /1 test fails that did not before seek live seek: &lt;b&gt;404/)
  })

  it('are told on the page of the run, with message and trace', async () => {
    const { html } = await wangFang.open(`/runs/${second.id}`)
    assert.match(words(html), /Failing tests 2 1 new failure · 1 still fails · Compared with run \d+/)
    assert.match(
      words(html),
      /seek new seek: &lt;b&gt;404.* live seek: &lt;b&gt;404&lt;\/b&gt; Traceback File seek.py/,
    )
    assert.match(words(html), /What changed in the tests .* Fixed 1 dash/)
  })

  it('are linked to where the report shows them', async () => {
    const { data } = await testsOf(second, '?status=failed')
    const { html } = await wangFang.open(`/runs/${second.id}`)
    assert.ok(html.includes(`href="${data[0].url}"`), data[0].url)
    const [report = '', id] = data[0].url.split('#')
    assert.equal(report, `${reportServer.url}/after/`)
    assert.equal((await fetch(`${report}data/test-results/${id}.json`)).status, 200)
    assert.equal((await testsOf(second, '?status=passed')).data[0].url, null)
  })

  it('have their message and trace in full as text', async () => {
    const { html, headers } = await wangFang.open(`/runs/${second.id}/failures/1.txt`)
    assert.match(headers.get('content-type') ?? '', /^text\/plain/)
    assert.equal(html, 'live › seek\n\nseek: <b>404</b>\n\nTraceback\n  File seek.py\n')
    assert.equal((await wangFang.open(`/runs/${second.id}/failures/99.txt`)).status, 404)
    assert.equal((await wangFang.open(`/runs/${second.id}/failures/x.txt`)).status, 404)
  })

  it('are told on the page of the item', async () => {
    const item = await wangFang.open(`/tests/${world.cds}`)
    assert.match(words(item.html), new RegExp(`New failures 1 .*${second.id} seek live`))
  })

  it('are flaky where they flip without a change of build', async () => {
    const third = await runWith('before')
    const flaky = inBrief((await testsOf(third)).data).filter(test => test.flaky)
    assert.deepEqual(flaky, [
      { name: 'seek', status: 'passed', change: 'fixed', flaky: true },
      { name: 'dash', status: 'failed', change: 'new_failure', flaky: true },
    ])
    assert.equal(third.changes.flaky, 2)
    const { html } = await wangFang.open(`/runs/${third.id}`)
    assert.match(words(html), /dash new flaky dash:/)
  })
})

describe('tests whose earlier run is removed', () => {
  it('still say what they were compared with, without a link to nowhere', async () => {
    const runs = (await world.liWei.get('/deploy-test-runs')).body.data
    const [newest, previous] = [await runWith('before'), runs[0].id]
    const database = new pg.Client({ connectionString: world.databaseUrl })
    await database.connect()
    await database.query('DELETE FROM deploy_test_runs WHERE id = $1', [previous])
    await database.end()
    const { html } = await wangFang.open(`/runs/${newest.id}`)
    assert.match(words(html), new RegExp(`Compared with run ${previous}, which has been removed since`))
    assert.doesNotMatch(html, new RegExp(`href="/runs/${previous}"`))
  })
})

describe('a report whose tests cannot be read', () => {
  it('fails no run, says what was tried, and is passed over by the next comparison', async () => {
    const before = (await world.liWei.get('/deploy-test-runs')).body.data[0]
    reportServer.answerNext('GET /after/widgets/tree.json', { body: '{' })
    const run = await runWith('after')
    assert.equal(run.status, 'COMPLETED')
    assert.equal(run.outcome, 'failed')
    assert.equal(run.changes, null)
    assert.equal((await testsOf(run)).total, 0)
    assert.equal(stepOf(run, 'monitor').details.report.tests[0].result.key, 'report:not_json')
    assert.equal((await wangFang.open(`/runs/${run.id}`)).status, 200)

    const next = await runWith('before')
    assert.deepEqual(next.changes, { new_failures: 0, still_failing: 2, fixed: 0, flaky: 2 })
    const { html } = await wangFang.open(`/runs/${next.id}`)
    assert.match(html, new RegExp(`href="/runs/${before.id}">Compared with run ${before.id}`))
    assert.match(words(html), /hls hls: .* dash flaky dash: .* Flaky 1 seek flaky/)
  })
})

describe('tests whose history is cleared', () => {
  it('go with their runs', async () => {
    const { status } = await world.admin.delete(`/test-items/${world.cds}/deploy-history`)
    assert.equal(status, 200)
    assert.equal((await runWith('after')).changes, null)
  })
})
