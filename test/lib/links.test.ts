import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptPage } from '../../src/lib/links.ts'

test('a test is shown in the copy of its report, once there is one', () => {
  const report = 'http://tests.example/cds_1/index.html'
  const inCopy = (url: string) => keptPage(7, url, report)
  assert.equal(inCopy('http://tests.example/cds_1/#suites/a1'), '/runs/7/report#suites/a1')
  assert.equal(inCopy('http://tests.example/cds_1/index.html#a1'), '/runs/7/report#a1')
  assert.equal(inCopy('http://tests.example/cds_1/login.html'), '/runs/7/report')
  assert.equal(inCopy('http://tests.example/cds_10/#a1'), 'http://tests.example/cds_10/#a1')
  assert.equal(inCopy('no address'), 'no address')
})
