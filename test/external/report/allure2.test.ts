import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomeOf, readReport } from '../../../src/external/report/index.ts'
import {
  ALLURE2,
  allure,
  COUNTS,
  filesOf,
  reportServer,
  TESTS,
  TIMES,
  withoutIds,
  words,
} from './report-server.ts'

test('Allure 2 gives every figure at the first address', async t => {
  const { url, asked } = await reportServer(t, {
    '/cds_5329/widgets/summary.json': allure('allure2-2.46.1/widgets/summary.json'),
  })
  const report = await readReport(`${url}/cds_5329/index.html#suites`)
  assert.deepEqual(report.summary, { ...COUNTS, ...TIMES })
  assert.equal(report.format, 'allure2')
  assert.equal(report.url, `${url}/cds_5329/`)
  assert.equal(asked[0], '/cds_5329/widgets/summary.json')
  assert.deepEqual(words(report.tried), ['report:read'])
  assert.equal(outcomeOf(report.summary), 'failed')
})

test('Allure 2 lists each test, and opens the files of those that fail', async t => {
  const files = filesOf('allure2-2.46.1', ALLURE2)
  const { url, asked } = await reportServer(t, files)
  const { tests, tried, testsTried } = await readReport(`${url}/cds/index.html#suites`)
  assert.deepEqual(withoutIds(tests), TESTS)
  assert.equal(new Set(tests?.map(({ id }) => id)).size, 5)
  assert.deepEqual(asked.toSorted(), Object.keys(files).toSorted())
  assert.deepEqual(tried, [
    { url: `${url}/cds/widgets/summary.json`, result: { key: 'report:read', params: {} } },
  ])
  assert.deepEqual(testsTried, [
    { url: `${url}/cds/data/suites.json`, result: { key: 'report:read', params: {} } },
  ])
})

test('a query goes with every request', async t => {
  const files = Object.entries(filesOf('allure2-2.46.1', ALLURE2))
  const { url, asked } = await reportServer(
    t,
    Object.fromEntries(files.map(([path, body]) => [`${path}?key=1`, body])),
  )
  const { tests } = await readReport(`${url}/cds/?key=1`)
  assert.deepEqual(withoutIds(tests), TESTS)
  assert.equal(asked.length, ALLURE2.length)
})

test('an empty Allure 2 report has zero tests, no times and no outcome', async t => {
  const { url, asked } = await reportServer(t, {
    '/widgets/summary.json': allure('allure2-empty/widgets/summary.json'),
  })
  const { summary, tests, testsTried } = await readReport(url)
  assert.equal(summary?.total, 0)
  assert.equal(summary?.pass_rate, null)
  assert.equal(summary?.duration_ms, null)
  assert.equal(outcomeOf(summary), 'unknown')
  assert.deepEqual([tests, testsTried], [null, null])
  assert.equal(asked.length, 1)
})

test('figures do not need the list of tests', async t => {
  const { url } = await reportServer(t, {
    ...filesOf('allure2-2.46.1', ['widgets/summary.json']),
    '/cds/index.html': '<!doctype html><title>Allure</title>',
  })
  const { summary, tests, testsTried } = await readReport(`${url}/cds/index.html`)
  assert.equal(summary?.total, 5)
  assert.equal(tests, null)
  assert.deepEqual(words(testsTried), ['report:status', 'report:not_tests'])
})

const reportOf = (suites: string) => ({
  '/widgets/summary.json': '{"statistic": {"passed": 1}}',
  '/data/suites.json': suites,
})

test('suites nested without end are gone through', async t => {
  const depth = 5000
  const nested = `${'{"name":"s","children":['.repeat(depth)}{"name":"t","status":"passed"}${']}'.repeat(depth)}`
  const { url } = await reportServer(t, reportOf(nested))
  const { tests } = await readReport(url)
  assert.equal(tests?.length, 1)
})

test('an id that cannot be encoded costs no test', async t => {
  const half = '{"children":[{"name":"t","status":"failed","uid":"\\ud800"}]}'
  const { url } = await reportServer(t, reportOf(half))
  const { tests } = await readReport(url)
  assert.equal(tests?.[0]?.name, 't')
})
