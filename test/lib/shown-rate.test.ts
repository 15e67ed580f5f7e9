import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownRate } from '../../src/lib/report-summary.ts'

test('skipped tests are left out of the rate that is shown', () => {
  assert.equal(shownRate({ passed: 50, skipped: 2, total: 52 }), 100)
  assert.equal(shownRate({ passed: 27, skipped: 0, total: 30 }), 90)
  assert.equal(shownRate({ passed: 0, skipped: 3, total: 3 }), null)
  assert.equal(shownRate({ passed: 0, skipped: 0, total: 0 }), null)
  assert.equal(shownRate({ passed: 99_999, skipped: 5, total: 100_005 }), 99.99)
})
