import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomeOf, readReport } from '../../../src/external/report/index.ts'
import {
  ALLURE3,
  allure,
  COUNTS,
  failing,
  filesOf,
  NO_TIMES,
  reportServer,
  singleFile,
  TESTS,
  TIMES,
  withoutIds,
  words,
} from './report-server.ts'

for (const version of ['3.14.3', '3.18']) {
  test(`Allure ${version} means the same by its figures, whatever its duration is`, async t => {
    const folder = `allure3-${version}-awesome`
    const { url, asked } = await reportServer(t, {
      '/cds/summary.json': allure(`${folder}/summary.json`),
      '/cds/widgets/statistic.json': allure(`${folder}/widgets/statistic.json`),
      '/cds/widgets/tree.json': allure(`${folder}/widgets/tree.json`),
    })
    const report = await readReport(`${url}/cds`)
    assert.deepEqual(report.summary, { ...COUNTS, ...TIMES })
    assert.equal(report.format, 'allure3')
    const inOrder = ['/cds/widgets/summary.json', '/cds/summary.json', '/cds/widgets/tree.json']
    assert.deepEqual(asked.slice(0, 3), inOrder)
  })
}

test('without its tree, Allure 3 gives the duration as it stands in the summary', async t => {
  const { url } = await reportServer(t, { '/summary.json': allure('allure3-3.18-awesome/summary.json') })
  const { summary, tests, tried, testsTried } = await readReport(url)
  assert.deepEqual(summary, { ...COUNTS, ...NO_TIMES, duration_ms: 4500 })
  assert.deepEqual(words(tried), ['report:status', 'report:read'])
  assert.equal(tests, null)
  assert.equal(testsTried?.[0]?.url, `${url}/widgets/tree.json`)
  assert.equal(words(testsTried)[0], 'report:status')
})

test('a tree of other tests than the summary counts changes nothing', async t => {
  const { url } = await reportServer(t, {
    '/summary.json': JSON.stringify({ stats: { total: 6, passed: 6 }, duration: 900 }),
    '/widgets/tree.json': allure('allure3-3.18-awesome/widgets/tree.json'),
  })
  const { summary } = await readReport(url)
  assert.equal(summary?.duration_ms, 900)
  assert.equal(summary?.start, null)
})

test('an empty Allure 3 report calls itself passed and is not', async t => {
  const { url } = await reportServer(t, { '/summary.json': allure('allure3-3.18-empty/summary.json') })
  const { summary, tests, testsTried } = await readReport(url)
  assert.deepEqual([tests, testsTried], [null, null])
  assert.deepEqual(summary, {
    ...{ passed: 0, failed: 0, broken: 0, skipped: 0, unknown: 0, total: 0, pass_rate: null },
    ...NO_TIMES,
  })
  assert.equal(outcomeOf(summary), 'unknown')
})

for (const plugin of ['awesome', 'classic', 'dashboard']) {
  test(`Allure 3 with several plugins is read in ${plugin}/`, async t => {
    const { url } = await reportServer(t, {
      '/index.html': '<!doctype html><a href="awesome/">awesome</a>',
      [`/${plugin}/summary.json`]: allure('allure3-3.18-awesome/summary.json'),
    })
    const { summary, format } = await readReport(`${url}/index.html`)
    assert.equal(summary?.total, 5)
    assert.equal(format, 'allure3')
  })
}

for (const version of ['3.14.3', '3.18']) {
  test(`Allure ${version} lists each test by its history id`, async t => {
    const files = filesOf(`allure3-${version}-awesome`, ALLURE3)
    const { url, asked } = await reportServer(t, files)
    const { tests, testsTried } = await readReport(`${url}/cds`)
    assert.deepEqual(withoutIds(tests), TESTS)
    assert.equal(tests?.[1]?.id, '97ad87cf1f68187fa79785d9452808ca.d41d8cd98f00b204e9800998ecf8427e')
    assert.deepEqual(asked.slice(1).toSorted(), Object.keys(files).toSorted())
    assert.deepEqual(words(testsTried), ['report:read'])
  })
}

test('with several plugins, the tests are read beside the summary', async t => {
  const { url, asked } = await reportServer(t, filesOf('allure3-3.18-awesome', ALLURE3, '/cds/awesome'))
  const { tests, testsTried } = await readReport(`${url}/cds/`)
  assert.deepEqual(withoutIds(tests), TESTS)
  assert.deepEqual(words(testsTried), ['report:read'])
  assert.equal(new Set(asked).size, asked.length)
})

test("tests that are not beside the summary are read in another plugin's folder", async t => {
  const [summary, ...others] = ALLURE3
  const { url } = await reportServer(t, {
    ...filesOf('allure3-3.18-awesome', [summary ?? '']),
    ...filesOf('allure3-3.18-awesome', others, '/cds/awesome'),
  })
  const { summary: figures, tests, testsTried } = await readReport(`${url}/cds/`)
  assert.deepEqual(figures, { ...COUNTS, ...TIMES })
  assert.deepEqual(withoutIds(tests), TESTS)
  assert.deepEqual(words(testsTried), ['report:status', 'report:read'])
})

test('a single file that has its summary beside it is read in both', async t => {
  const [summary, ...others] = ALLURE3
  const { url, asked } = await reportServer(t, {
    ...filesOf('allure3-3.18-awesome', [summary ?? '']),
    '/cds/index.html': singleFile('allure3-3.18-awesome', others, '"'),
  })
  const { summary: figures, tests } = await readReport(`${url}/cds/index.html`)
  assert.deepEqual(figures, { ...COUNTS, ...TIMES })
  assert.deepEqual(withoutIds(tests), TESTS)
  assert.equal(new Set(asked).size, asked.length)
})

test('files that are missing cost the reasons, not the tests', async t => {
  const { url } = await reportServer(t, filesOf('allure3-3.18-awesome', ALLURE3.slice(0, 2)))
  const { tests, testsTried } = await readReport(`${url}/cds`)
  assert.equal(tests?.length, 5)
  assert.equal(tests?.[1]?.message, null)
  assert.deepEqual(words(testsTried), ['report:read', 'report:status'])
})

test('a test without a history id is known by its suites and name', async t => {
  const other = {
    root: { groups: ['b'] },
    groupsById: { b: { name: 'live', leaves: ['x9'] } },
    leavesById: { x9: { id: 'x9', name: 'seek', status: 'passed' } },
  }
  const files = failing(['seek'], { id: 'r0' })
  const { url } = await reportServer(t, {
    '/1/summary.json': files['/summary.json'],
    '/1/widgets/tree.json': files['/widgets/tree.json'],
    '/2/summary.json': files['/summary.json'],
    '/2/widgets/tree.json': JSON.stringify(other),
  })
  const first = await readReport(`${url}/1`)
  const second = await readReport(`${url}/2`)
  assert.ok(first.tests?.[0]?.id)
  assert.equal(first.tests[0].id, second.tests?.[0]?.id)
})

for (const [what, body, word] of [
  ['a web page', '<!doctype html><title>Start</title>', 'report:html'],
  ['broken JSON', '{"leavesById": {', 'report:not_json'],
  ['JSON of something else', '{"error": "no"}', 'report:not_tests'],
] as const) {
  test(`${what} holds no tests`, async t => {
    const { url } = await reportServer(t, { ...failing(['seek']), '/widgets/tree.json': body })
    const { summary, tests, testsTried } = await readReport(url)
    assert.equal(summary?.total, 1)
    assert.equal(tests, null)
    assert.equal(words(testsTried)[0], word)
  })
}
