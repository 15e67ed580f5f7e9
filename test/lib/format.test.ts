import assert from 'node:assert/strict'
import test from 'node:test'
import {
  formatBytes,
  formatDateTime,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRelative,
} from '../../src/lib/format.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const before = (ms: number) => new Date(NOON.getTime() - ms)

test('numbers have separators', () => {
  assert.equal(formatNumber('en', 1234567), '1,234,567')
  assert.equal(formatNumber('zh-CN', 1234567), '1,234,567')
})

test('a pass rate of 99.96 is not shown as 100%', () => {
  assert.equal(formatPercent('en', 99.96), '99.9%')
  assert.equal(formatPercent('en', 100), '100%')
  assert.equal(formatPercent('en', 0), '0%')
})

test('bytes carry the unit that fits', () => {
  assert.equal(formatBytes('en', 0), '0 bytes')
  assert.equal(formatBytes('en', 999), '999 bytes')
  assert.equal(formatBytes('en', 1000), '1 kB')
  assert.equal(formatBytes('en', 183_400_201), '183 MB')
  assert.equal(formatBytes('en', 2_147_483_648), '2.1 GB')
  assert.equal(formatBytes('zh-CN', 2_147_483_648), '2.1 GB')
})

test('durations show the two units that matter', () => {
  assert.equal(formatDuration('en', 0), '0ms')
  assert.equal(formatDuration('en', 420), '420ms')
  assert.equal(formatDuration('en', 59_600), '1m')
  assert.equal(formatDuration('en', 192_000), '3m 12s')
  assert.equal(formatDuration('en', 3_840_000), '1h 4m')
  assert.equal(formatDuration('en', 90_000_000), '1d 1h')
  assert.equal(formatDuration('zh-CN', 192_000), '3分钟12秒')
})

test('moments are told relative to now', () => {
  assert.equal(formatRelative('en', before(10_000), NOON), 'now')
  assert.equal(formatRelative('en', before(50_000), NOON), '1 minute ago')
  assert.equal(formatRelative('en', before(185_000), NOON), '3 minutes ago')
  assert.equal(formatRelative('en', before(86_400_000), NOON), 'yesterday')
  assert.equal(formatRelative('en', before(-7_200_000), NOON), 'in 2 hours')
  assert.equal(formatRelative('zh-CN', before(185_000), NOON), '3分钟前')
})

test('dates carry their zone', () => {
  assert.equal(formatDateTime('en', NOON), '20 Nov 2026, 12:00:00 UTC')
  assert.equal(formatDateTime('en', NOON, 'Asia/Shanghai'), '20 Nov 2026, 20:00:00 GMT+8')
  assert.equal(formatDateTime('zh-CN', NOON, 'Asia/Shanghai'), '2026-11-20 20:00:00 GMT+8')
})
