import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { drawBadge } from '../../src/dashboard/badge.ts'
import type { ComparedTest } from '../../src/lib/test-result.ts'
import { removeOldRuns } from '../../src/runs/retention.ts'
import { saveComparison } from '../../src/test-results/save-comparison.ts'
import { runsOf } from '../channels/finished-runs.ts'
import { zipOf } from '../external/report/archives.ts'
import { Visitor } from '../http/visitor.ts'
import { ApiClient, CORE, coreBuild, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

// No worker: nothing but uploads makes a run end.
const world = await startWorld({ env: { ROLE: 'web' } })
const job = encodeURIComponent(CORE)
const { body: item } = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
const cds: number = item.data.id
for (const number of [101, 102, 103, 104]) await world.anyone.post('/builds', coreBuild(number))

const SEEK: ComparedTest = {
  ...{
    id: 'seek',
    name: 'seek',
    suite: 'live',
    status: 'passed',
    duration_ms: 1,
    message: null,
    trace: null,
  },
  ...{ retries: 0, flaky: false, change: null },
}

type Verdict = 'passed' | 'failed' | 'skipped'

const junit = (tests: Record<string, Verdict>) => {
  const inside = { passed: '', failed: '<failure message="404">line 3</failure>', skipped: '<skipped/>' }
  const cases = Object.entries(tests).map(
    ([name, verdict], i) => `<testcase name="${name}" time="${i + 1}">${inside[verdict]}</testcase>`,
  )
  return `<testsuite name="live">${cases.join('')}</testsuite>`
}

async function upload(client: ApiClient, number: number, body: string | Buffer, query = '') {
  const response = await fetch(`${world.url}/api/v1/builds/job/${job}/${number}/report${query}`, {
    ...{ method: 'POST', body: new Uint8Array(Buffer.from(body)) },
    headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/xml' },
  })
  return { status: response.status, body: (await response.json()) as ReturnType<typeof JSON.parse> }
}

const get = async (path: string) => (await world.liWei.get(path)).body
const names = (tests: { name: string }[]) => tests.map(({ name }) => name)

const runs: ReturnType<typeof JSON.parse>[] = []
for (const [number, tests] of [
  [101, { login: 'passed', seek: 'passed', hls: 'failed', old: 'passed' }],
  [102, { login: 'passed', seek: 'failed', hls: 'passed', live: 'skipped' }],
  [103, { login: 'passed', seek: 'failed', hls: 'failed', live: 'skipped' }],
  [103, { login: 'passed', seek: 'failed', hls: 'passed', live: 'skipped' }],
] as const) {
  const { status, body } = await upload(world.liWei, number, junit(tests))
  assert.equal(status, 201, body.error)
  runs.push(body.data)
}
const [first, second, third, fourth] = runs

describe('results that were made elsewhere', () => {
  it('become a run that is over, with its figures, compared with the one before', async () => {
    assert.deepEqual(
      [second.status, second.outcome, second.trigger, second.triggered_by, second.queue_position],
      ['COMPLETED', 'failed', 'upload', LI_WEI, null],
    )
    assert.deepEqual([second.summary.passed, second.summary.failed, second.summary.skipped], [2, 1, 1])
    assert.deepEqual([second.build_number, second.environment, second.environments], [102, null, []])
    assert.deepEqual(second.changes, { new_failures: 1, still_failing: 0, fixed: 1, flaky: 0 })
    assert.equal(fourth.changes.flaky, 1, 'hls failed and passed on build 103')
    assert.deepEqual((await get('/deploy-test-runs/queue')).data, [])
    assert.equal(await world.crat.ctx.db.notification.count(), 0, 'nobody asked for a mail')
  })

  it('are mailed where that is asked for', async () => {
    const { body } = await upload(world.liWei, 104, junit({ login: 'passed' }), '?mail=true')
    const mail = await world.crat.ctx.db.notification.findFirstOrThrow({ where: { runId: body.data.id } })
    assert.equal(mail.recipient, LI_WEI)
    await world.crat.ctx.db.run.delete({ where: { id: body.data.id } })
  })

  it('cannot be run again', async () => {
    const { status, body } = await world.liWei.post(`/deploy-test-runs/${first.id}/retry`)
    assert.deepEqual([status, body.code], [409, 'run_uploaded'])
  })

  it('come from a token that announces builds, and from no other', async () => {
    const token = async (scope: string) => {
      const { body } = await world.admin.post('/tokens', { name: scope, scopes: [scope] })
      return new ApiClient(world.url, body.data.token)
    }
    const { status, body } = await upload(await token('webhook'), 104, junit({ login: 'passed' }))
    assert.deepEqual([status, body.data?.triggered_by], [201, 'token:webhook'], body.error)
    assert.equal((await upload(await token('trigger'), 104, junit({}))).status, 403)
    await world.crat.ctx.db.run.delete({ where: { id: body.data.id } })
  })

  it('name a build that is there, and an item of its job', async () => {
    assert.equal((await upload(world.liWei, 999, junit({}))).body.code, 'build_number_not_found')
    const { body: other } = await world.admin.post('/test-items', {
      ...{ name: 'sds', associated_job_name: CORE, allowed_triggerers: [WANG_FANG] },
    })
    const results = junit({ login: 'passed' })
    assert.equal((await upload(world.liWei, 101, results)).body.code, 'upload_names_no_item')
    const refused = await upload(world.liWei, 101, results, `?test_item_id=${other.data.id}`)
    assert.deepEqual([refused.status, refused.body.code], [403, 'not_your_item'])
    await world.admin.delete(`/test-items/${other.data.id}`)
  })

  it('are refused with a clear word where they are no results', async () => {
    const { status, body } = await upload(world.liWei, 101, zipOf([{ name: '../x.xml', body: junit({}) }]))
    assert.deepEqual([status, body.code], [400, 'path'])
    assert.match(body.error, /leads out of it/)
  })

  it('are uploaded with a form, without scripts', async () => {
    const visitor = await new Visitor(world.url).logIn(WANG_FANG)
    const { html } = await visitor.open(`/tests/${cds}`)
    const [, build = ''] = /<option value="(\d+)"[^>]*>#104</.exec(html) ?? []
    const form = new FormData()
    form.append('build_id', build)
    form.append('file', new Blob([junit({ login: 'passed' })]), 'results.xml')
    const page = await visitor.submitForm(`/tests/${cds}/upload`, form)
    const [, run = ''] = /^\/runs\/(\d+)$/.exec(page.path) ?? []
    assert.match(page.html, new RegExp(`The results are run ${run}`))
    assert.match(page.html, new RegExp(`href="/tests/${cds}/trigger\\?build_id=${build}"`))
    assert.doesNotMatch(page.html, /Run again/)
    await world.crat.ctx.db.run.delete({ where: { id: Number(run) } })

    const empty = await visitor.submitForm(`/tests/${cds}/upload`, withoutFile(build))
    assert.match(empty.html, /Choose a file/)
  })
})

function withoutFile(build: string): FormData {
  const form = new FormData()
  form.append('build_id', build)
  return form
}

describe('the tests of an item over time', () => {
  it('are listed with their history, those that fail first', async () => {
    await world.crat.ctx.db.$executeRaw`DELETE FROM item_tests`
    await world.crat.ctx.db.testComparison.updateMany({ data: { counted: false } })
    const { countEarlierRun } = await import('../../src/test-results/count-tests.ts')
    while (await countEarlierRun(world.crat.ctx.db));

    const { data, total } = await get(`/test-items/${cds}/tests`)
    assert.equal(total, 5)
    assert.deepEqual(names(data), ['seek', 'hls', 'live', 'login', 'old'])
    const [seek, hls, , , old] = data
    assert.deepEqual(
      [seek.last_status, seek.failures, seek.runs, seek.failure_rate, seek.first_failed_run_id],
      ['failed', 3, 4, 75, second.id],
    )
    assert.deepEqual([hls.flaky, hls.first_failed_run_id, old.last_run_id], [true, null, first.id])
    assert.deepEqual(seek.last_runs[0], {
      ...{ run_id: fourth.id, build_number: 103, status: 'failed', duration_ms: 2_000 },
    })
    assert.equal(seek.last_runs.length, 4)
  })

  it('are filtered and paged', async () => {
    const tests = async (query: string) => names((await get(`/test-items/${cds}/tests?${query}`)).data)
    assert.deepEqual(await tests('status=failed'), ['seek'])
    assert.deepEqual(await tests('flaky=true'), ['hls'])
    assert.deepEqual(await tests('flaky=false&status=passed'), ['login', 'old'])
    assert.deepEqual(await tests('q=LOG'), ['login'])
    assert.deepEqual(await tests('q=%25'), [])
    assert.deepEqual(await tests('limit=2&offset=4'), ['old'])
    assert.equal((await world.liWei.get('/test-items/4711/tests')).status, 404)
    assert.equal((await world.liWei.get(`/test-items/${cds}/tests?flaky=perhaps`)).status, 400)
  })

  it('stand on pages of their own', async () => {
    const visitor = await new Visitor(world.url).logIn(LI_WEI)
    const list = await visitor.open(`/tests/${cds}/results?status=failed`)
    const [, path = ''] = /href="(\/tests\/\d+\/results\/test[^"]+)">seek</.exec(list.html) ?? []
    const page = await visitor.open(path.replaceAll('&amp;', '&'))
    assert.match(page.html, new RegExp(`href="/runs/${second.id}">Fails since build #102`))
    assert.equal((await visitor.open(`/tests/${cds}/results/test?key=none`)).status, 404)
  })
})

describe('two runs', () => {
  it('are compared, whichever is named first', async () => {
    const { data } = await get(`/deploy-test-runs/${third.id}/compare/${first.id}`)
    assert.deepEqual((await get(`/deploy-test-runs/${first.id}/compare/${third.id}`)).data, data)
    assert.deepEqual([data.before, data.after], [first.id, third.id])
    const lists = ['new_failures', 'fixed', 'still_failing', 'added', 'removed'].map(kind =>
      names(data[kind]),
    )
    assert.deepEqual(lists, [['seek'], [], ['hls'], ['live'], ['old']])
    assert.deepEqual(data.new_failures[0], {
      ...{ key: data.new_failures[0].key, name: 'seek', suite: 'live', before: 'passed', status: 'failed' },
      message: '404',
    })
    assert.equal((await world.liWei.get(`/deploy-test-runs/${first.id}/compare/4711`)).status, 404)
  })

  it('stand side by side on a page, by default with the one before', async () => {
    const visitor = await new Visitor(world.url).logIn(LI_WEI)
    const { html } = await visitor.open(`/runs/${second.id}/compare`)
    assert.match(html, new RegExp(`Run ${first.id} beside run ${second.id}`))
    assert.match(html, /Fixed <span class="muted num">1</)
  })
})

describe('an exported run', () => {
  it('is the run, then a line for each test, and comes back by an upload', async () => {
    const headers = { authorization: `Bearer ${world.liWei.token}` }
    const answer = await fetch(`${world.url}/api/v1/deploy-test-runs/${second.id}/export`, { headers })
    assert.match(answer.headers.get('content-type') ?? '', /^application\/x-ndjson/)
    const text = await answer.text()
    const [run, ...tests] = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.deepEqual([run.id, run.summary], [second.id, second.summary])
    assert.deepEqual(tests, (await get(`/deploy-test-runs/${second.id}/tests`)).data)

    const { status, body } = await upload(world.liWei, 102, text)
    assert.equal(status, 201, body.error)
    assert.deepEqual([body.data.summary, body.data.outcome], [second.summary, second.outcome])
    const again = (await get(`/deploy-test-runs/${body.data.id}/tests`)).data
    const figuresOf = (all: Record<string, unknown>[]) =>
      all.map(test => ({ ...test, change: null, flaky: null }))
    assert.deepEqual(figuresOf(again), figuresOf(tests))
  })
})

describe('a badge', () => {
  const badge = (path: string) => fetch(`${world.url}${path}/badges/${cds}.svg`)

  it('is for nobody until an admin turns badges on, then for everyone', async () => {
    assert.equal((await badge('')).status, 404)
    await world.admin.put('/settings', { public_badges: true })
    for (const path of ['', '/api/v1']) {
      const answer = await badge(path)
      assert.match(answer.headers.get('content-type') ?? '', /^image\/svg\+xml/)
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=60')
      assert.match(await answer.text(), /cds: failed · 66\.6%/)
    }
    assert.equal((await fetch(`${world.url}/badges/4711.svg`)).status, 404)
    const { db } = world.crat.ctx
    const { id, status, outcome } = await db.run.findFirstOrThrow({ orderBy: { id: 'desc' } })
    await db.run.update({ where: { id }, data: { status: 'FAILED', outcome: null } })
    assert.match(await drawBadge(db, cds), /cds: run failed/, 'as on the card')
    await db.run.update({ where: { id }, data: { status, outcome } })
  })
})

describe('trends', () => {
  it('add up the runs of each day, for all items or one, and outlive the runs', async () => {
    const visitor = await new Visitor(world.url).logIn(LI_WEI)
    const today = new Date().toISOString().slice(0, 10)
    const all = await visitor.open('/trends?days=7')
    assert.match(all.html, new RegExp(`data-pass_rate="37.5" data-pass_rate-text="${today}: 37\\.5%"`))
    await removeOldRuns(world.crat.ctx.db, { days: 100, most: 1 })
    assert.equal(await world.crat.ctx.db.run.count(), 1)
    const { html } = await visitor.open(`/trends?test_item_id=${cds}&from=${today}&to=2020-01-01`)
    assert.match(html, /data-failures-text="[^"]*: 5"/)
    assert.match((await visitor.open('/trends?from=2001-01-01&to=2001-02-01')).html, /No run ended/)
  })
})

describe('runs that are removed', () => {
  it('no longer count', async () => {
    await world.admin.delete(`/test-items/${cds}/deploy-history`)
    assert.equal((await get(`/test-items/${cds}/tests`)).total, 0)
  })
})

describe('runs that end in another order than they were triggered', () => {
  const { db } = world.crat.ctx
  const CASES: [verdicts: Verdict[], ends: number[], firstFailed: number | null][] = [
    [['passed', 'failed', 'failed'], [0, 2, 1], 1],
    [['passed', 'failed', 'skipped'], [0, 2, 1], 1],
    [['passed', 'failed', 'passed', 'failed'], [0, 3, 2, 1], 3],
    [['passed', 'failed', 'passed'], [0, 2, 1], null],
    [['failed', 'passed', 'failed'], [0, 2, 1], 2],
    [['failed', 'passed', 'failed'], [2, 1, 0], 2],
  ]
  for (const [verdicts, ends, firstFailed] of CASES)
    it(`leave ${verdicts}, counted as ${ends}, failing since ${firstFailed}`, async () => {
      const testKey = `${verdicts} ${ends}`
      const runs: { id: number }[] = []
      for (const _ of verdicts) runs.push(await runsOf(world, cds).queued(new Date()))
      for (const end of ends) {
        const test = { ...SEEK, id: testKey, status: verdicts[end] as Verdict }
        const run = { id: runs[end]?.id ?? 0, testItemId: cds }
        await db.$transaction(tx => saveComparison(tx, run, { previousRunId: null, tests: [test] }))
      }
      const known = await db.itemTest.findFirstOrThrow({ where: { testKey } })
      assert.equal(known.firstFailedRunId, firstFailed === null ? null : runs[firstFailed]?.id)
      await db.run.deleteMany({ where: { id: { in: runs.map(({ id }) => id) } } })
    })
})
