import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshFor, parseRange } from '../service.mjs'

for (const [header, expected] of [
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=90-200', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  ['bytes=100-', null],
  ['bytes=20-10', null],
  ['bytes=-', null],
  ['lines=1-2', null],
]) {
  test(`Range ${header} of 100 bytes`, () => assert.deepEqual(parseRange(header, 100), expected))
}

for (const [cacheControl, seconds] of [
  ['max-age=60', 60],
  ['public, max-age=60', 60],
  ['max-age=60, s-maxage=600', 600],
  ['no-store', 0],
  ['no-cache, max-age=60', 0],
  ['private, max-age=60', 0],
  ['', 0],
]) {
  test(`Cache-Control "${cacheControl}" is fresh for ${seconds} s`, () => {
    assert.equal(freshFor(cacheControl), seconds)
  })
}
