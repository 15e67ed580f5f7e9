import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTests } from '../../../src/external/report/index.ts'
import type { TestResult } from '../../../src/lib/test-result.ts'
import { allure, reportServer, words } from './report-server.ts'

const BOOM = { message: 'AssertionError: boom <b>x</b>', trace: 'Traceback\n  File a.py' }
const TOLD = [
  { name: 'test_login', status: 'passed', message: null, trace: null, retries: 0, flaky: false },
  { name: 'test_seek', status: 'failed', ...BOOM, retries: 0, flaky: false },
  { name: 'test_hls', status: 'broken', ...BOOM, retries: 0, flaky: false },
  { name: 'test_skip', status: 'skipped', message: null, trace: null, retries: 0, flaky: false },
  { name: 'test_retry', status: 'passed', message: null, trace: null, retries: 1, flaky: true },
].map(each => ({ ...each, suite: 'cds › live', duration_ms: 500 }))

const withoutIds = (tests: TestResult[] | null) => tests?.map(({ id: _, ...rest }) => rest)

/** A report's files below `at`, as its folder of fixtures holds them. */
const filesOf = (folder: string, names: string[], at = '/cds') =>
  Object.fromEntries(names.map(name => [`${at}/${name}`, allure(`${folder}/${name}`)]))

const CASES2 = ['bd7d970b660b318c', '8031ae025e607213'].map(id => `data/test-cases/${id}.json`)
const CASES3 = ['5fc40e3d82ad411bde869e67cf231376', '9accf8e0a83ded4c9d4069faca5271d4'].map(
  id => `data/test-results/${id}.json`,
)

test('Allure 2 tells each test, and opens the files of those that fail', async t => {
  const files = filesOf('allure2-2.46.1', ['data/suites.json', ...CASES2])
  const { url, asked } = await reportServer(t, files)
  const { tests, tried } = await readTests(`${url}/cds/index.html#suites`, 'allure2')
  assert.deepEqual(withoutIds(tests), TOLD)
  assert.equal(new Set(tests?.map(({ id }) => id)).size, 5)
  assert.deepEqual(asked.toSorted(), Object.keys(files).toSorted())
  assert.deepEqual(words(tried), ['report:read'])
})

for (const version of ['3.14.3', '3.18']) {
  test(`Allure ${version} tells each test by its history id`, async t => {
    const files = filesOf(`allure3-${version}-awesome`, ['widgets/tree.json', ...CASES3])
    const { url, asked } = await reportServer(t, files)
    const { tests } = await readTests(`${url}/cds`, 'allure3')
    assert.deepEqual(withoutIds(tests), TOLD)
    assert.equal(tests?.[1]?.id, '97ad87cf1f68187fa79785d9452808ca.d41d8cd98f00b204e9800998ecf8427e')
    assert.deepEqual(asked.toSorted(), Object.keys(files).toSorted())
  })
}

test('Allure 3 with several plugins is read in awesome/', async t => {
  const { url } = await reportServer(
    t,
    filesOf('allure3-3.18-awesome', ['widgets/tree.json', ...CASES3], '/cds/awesome'),
  )
  const { tests, tried } = await readTests(`${url}/cds/`, 'allure3')
  assert.deepEqual(withoutIds(tests), TOLD)
  assert.deepEqual(words(tried), ['report:status', 'report:read'])
})

const base64 = (text: string) => Buffer.from(text).toString('base64')

for (const [folder, list, cases, quote] of [
  ['allure2-2.46.1', 'data/suites.json', CASES2, "'"],
  ['allure3-3.18-awesome', 'widgets/tree.json', CASES3, '"'],
] as const) {
  test(`${folder} in one file is read out of its page`, async t => {
    const calls = [list, ...cases].map(
      name => `d(${quote}${name}${quote},${quote}${base64(allure(`${folder}/${name}`))}${quote})`,
    )
    const { url, asked } = await reportServer(t, { '/cds.html': `<script>${calls.join(';')}</script>` })
    const { tests } = await readTests(`${url}/cds.html`, folder === 'allure2-2.46.1' ? 'allure2' : 'allure3')
    assert.deepEqual(withoutIds(tests), TOLD)
    assert.deepEqual(asked, ['/cds.html'])
  })
}

test('files that are missing cost the reasons, not the tests', async t => {
  const { url } = await reportServer(t, filesOf('allure3-3.18-awesome', ['widgets/tree.json']))
  const { tests, tried } = await readTests(`${url}/cds`, 'allure3')
  assert.equal(tests?.length, 5)
  assert.equal(tests?.[1]?.message, null)
  assert.deepEqual(words(tried), ['report:read', 'report:status'])
})

/** A tree of Allure 3 in which every test fails, each result with an id of its own. */
const treeOf = (names: string[], more: object = {}) =>
  JSON.stringify({
    root: { groups: ['a'], leaves: [] },
    groupsById: { a: { name: 'live', groups: ['a'], leaves: names.map((_, i) => `r${i}`) } },
    leavesById: Object.fromEntries(
      names.map((name, i) => [`r${i}`, { id: `h${name}`, name, status: 'failed', ...more }]),
    ),
  })

test('of many that fail the first 200 are explained, six at a time', async t => {
  const names = Array.from({ length: 10_000 }, (_, i) => `t${i}`)
  let now = 0
  let most = 0
  const files = Object.fromEntries(
    names.map((name, i) => [
      `/data/test-results/r${i}.json`,
      (_: unknown, response: { end(body: string): void }) => {
        most = Math.max(most, ++now)
        setImmediate(() => {
          now--
          response.end(JSON.stringify({ error: { message: `no ${name}` } }))
        })
      },
    ]),
  )
  const { url, asked } = await reportServer(t, { ...files, '/widgets/tree.json': treeOf(names) })
  const { tests } = await readTests(url, 'allure3')
  assert.equal(tests?.length, 10_000)
  assert.equal(tests?.[199]?.message, 'no t199')
  assert.equal(tests?.[200]?.message, null)
  assert.equal(asked.length, 201)
  assert.ok(most <= 6 && most > 1, `${most} at once`)
})

test('a test without a history id is known by its suites and name', async t => {
  const leaf = (resultId: string) => JSON.parse(treeOf(['seek'], { id: resultId }))
  const tree = leaf('r0')
  const other = {
    root: { groups: ['b'] },
    groupsById: { b: { name: 'live', leaves: ['x9'] } },
    leavesById: { x9: { id: 'x9', name: 'seek', status: 'passed' } },
  }
  const { url } = await reportServer(t, {
    '/1/widgets/tree.json': JSON.stringify(tree),
    '/2/widgets/tree.json': JSON.stringify(other),
  })
  const first = await readTests(`${url}/1`, 'allure3')
  const second = await readTests(`${url}/2`, 'allure3')
  assert.ok(first.tests?.[0]?.id)
  assert.equal(first.tests[0].id, second.tests?.[0]?.id)
})

test('what is told of a failure is plain and short', async t => {
  const { url } = await reportServer(t, {
    '/widgets/tree.json': treeOf(['seek']),
    '/data/test-results/r0.json': JSON.stringify({
      error: { message: '\u001b[31mred\u001b[39m', trace: 'x'.repeat(100_000) },
    }),
  })
  const { tests } = await readTests(url, 'allure3')
  assert.equal(tests?.[0]?.message, 'red')
  assert.equal(tests?.[0]?.trace?.length, 8000)
})

test('suites nested without end are gone through', async t => {
  const depth = 5000
  const nested = `${'{"name":"s","children":['.repeat(depth)}{"name":"t","status":"passed"}${']}'.repeat(depth)}`
  const { url } = await reportServer(t, { '/data/suites.json': nested })
  const { tests } = await readTests(url, 'allure2')
  assert.equal(tests?.length, 1)
})

for (const [what, body, word] of [
  ['a web page', '<!doctype html><title>Start</title>', 'report:html'],
  ['broken JSON', '{"leavesById": {', 'report:not_json'],
  ['JSON of something else', '{"error": "no"}', 'report:not_tests'],
] as const) {
  test(`${what} holds no tests`, async t => {
    const { url } = await reportServer(t, { '/widgets/tree.json': body })
    const { tests, tried } = await readTests(url, 'allure3')
    assert.equal(tests, null)
    assert.equal(words(tried)[0], word)
  })
}

test('a list larger than allowed is not read; an aborted signal throws', async t => {
  const { url } = await reportServer(t, { '/widgets/tree.json': treeOf(['seek', 'hls']) })
  const { tests, tried } = await readTests(url, 'allure3', { maxBytes: 100 })
  assert.equal(tests, null)
  assert.equal(words(tried)[0], 'http:too_large')
  const signal = AbortSignal.abort(new Error('cancelled'))
  await assert.rejects(readTests(url, 'allure3', { signal }), /cancelled/)
})
