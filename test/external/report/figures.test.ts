import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomeOf, readReport } from '../../../src/external/report/index.ts'
import { allure, reportServer } from './report-server.ts'

const read = async (t: Parameters<typeof reportServer>[0], statistic: unknown, time: unknown = {}) => {
  const { url } = await reportServer(t, { '/widgets/summary.json': JSON.stringify({ statistic, time }) })
  return (await readReport(url)).summary
}

test('a missing total is the sum of the counts', async t => {
  const summary = await read(t, { passed: 3, failed: 1 })
  assert.equal(summary?.total, 4)
  assert.equal(summary?.pass_rate, 75)
})

test('a total that is too small is the sum too, and one that is too large leaves tests unknown', async t => {
  assert.equal((await read(t, { passed: 3, total: 1 }))?.total, 3)
  const summary = await read(t, { passed: 3, total: 5 })
  assert.equal(summary?.unknown, 2)
  assert.equal(summary?.pass_rate, 60)
})

for (const nonsense of [-1, 1.5, 1e15, '5', true, [5]]) {
  test(`a count of ${JSON.stringify(nonsense)} is not trusted, the next address is`, async t => {
    const { url } = await reportServer(t, {
      '/widgets/summary.json': JSON.stringify({ statistic: { passed: 5, failed: nonsense, total: 5 } }),
      '/summary.json': allure('allure3-3.18-awesome/summary.json'),
    })
    const { summary, format, tried } = await readReport(url)
    assert.equal(tried[0]?.result.key, 'report:not_a_summary')
    assert.equal(format, 'allure3')
    assert.equal(outcomeOf(summary), 'failed')
  })
}

test('times that cannot be true are dropped one by one', async t => {
  const time = { start: -5, stop: 1748487227408, duration: '4500', minDuration: -1, maxDuration: 1e18 }
  const summary = await read(t, { passed: 1 }, { ...time, sumDuration: 12.4 })
  assert.equal(summary?.start, null)
  assert.equal(summary?.stop, '2025-05-29T02:53:47.408Z')
  assert.equal(summary?.duration_ms, null)
  assert.equal(summary?.min_duration_ms, null)
  assert.equal(summary?.max_duration_ms, null)
  assert.equal(summary?.sum_duration_ms, 12)
})

test('a stop before the start drops both', async t => {
  const summary = await read(t, { passed: 1 }, { start: 1748487227408, stop: 1748487222908 })
  assert.equal(summary?.start, null)
  assert.equal(summary?.stop, null)
})

test('the pass rate has two decimals at most and is 100 only when every test passed', async t => {
  assert.equal((await read(t, { passed: 51, total: 52 }))?.pass_rate, 98.08)
  assert.equal((await read(t, { passed: 99_999, failed: 1 }))?.pass_rate, 99.99)
  assert.equal((await read(t, { passed: 7 }))?.pass_rate, 100)
})

test('the outcome is what the tests say', async t => {
  assert.equal(outcomeOf(await read(t, { passed: 51, failed: 1 })), 'failed')
  assert.equal(outcomeOf(await read(t, { passed: 51, broken: 1 })), 'failed')
  assert.equal(outcomeOf(await read(t, { passed: 1, skipped: 3 })), 'passed')
  assert.equal(outcomeOf(await read(t, { skipped: 3, unknown: 1 })), 'unknown')
  assert.equal(outcomeOf(null), 'unknown')
})
