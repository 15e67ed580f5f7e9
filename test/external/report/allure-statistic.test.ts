import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReport } from '../../../src/external/report/index.ts'
import {
  ALLURE3,
  allure,
  COUNTS,
  filesOf,
  NO_TIMES,
  reportServer,
  TESTS,
  withoutIds,
} from './report-server.ts'

test('widgets/statistic.json gives counts alone', async t => {
  const { url } = await reportServer(t, {
    '/widgets/statistic.json': allure('allure3-3.18-awesome/widgets/statistic.json'),
  })
  const report = await readReport(url)
  assert.deepEqual(report.summary, { ...COUNTS, ...NO_TIMES })
  assert.equal(report.format, 'statistic')
})

test('counts that name no tests one by one come without tests', async t => {
  const { url } = await reportServer(t, { '/widgets/statistic.json': '{"total": 3, "passed": 3}' })
  const { summary, tests } = await readReport(url)
  assert.equal(summary?.total, 3)
  assert.equal(tests, null)
})

test('the tests of the tree beside them are read', async t => {
  const names = ['widgets/statistic.json', ...ALLURE3.filter(name => name !== 'summary.json')]
  const { url } = await reportServer(t, filesOf('allure3-3.18-awesome', names))
  const { summary, tests, format } = await readReport(`${url}/cds/`)
  assert.equal(format, 'statistic')
  assert.deepEqual(summary, { ...COUNTS, ...NO_TIMES })
  assert.deepEqual(withoutIds(tests), TESTS)
})
