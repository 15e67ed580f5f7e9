import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupFailures, likenessOf } from '../../src/test-results/group-failures.ts'

const failing = (name: string, message: string | null) => ({ name, message })

test('messages that differ by numbers, ids and addresses only are alike', () => {
  for (const [one, other] of [
    ['expected 200, got 503 after 1.5 s', 'expected 200, got 404 after 12 s'],
    ['no segment 3f2b8c1e-0000-4a5b-9c6d-0123456789ab', 'no segment 99999999-aaaa-4a5b-9c6d-0123456789ab'],
    ['segfault at 0x7f3c00 in player', 'segfault at 0xdeadbeef in player'],
    ['GET http://10.8.24.59:59996/a refused', 'GET http://10.8.24.60:80/a refused'],
    ['commit c54239ed1 is gone', 'commit 9f00ab1 is gone'],
    ['late\n  by 3 ms', 'late by 17 ms'],
  ] as const) {
    assert.equal(likenessOf(one), likenessOf(other), `${one} / ${other}`)
  }
})

test('other messages are not', () => {
  for (const [one, other] of [
    ['expected true, got false', 'expected false, got true'],
    ['no manifest for hls', 'no manifest for dash'],
    ['the facade is decade', 'the facade is added'],
  ] as const) {
    assert.notEqual(likenessOf(one), likenessOf(other))
  }
})

test('groups come with the largest first, and what says nothing stays alone', () => {
  const groups = groupFailures([
    failing('login', null),
    failing('seek', 'timeout after 5 s'),
    failing('live', null),
    failing('hls', 'timeout after 7 s'),
    failing('dash', 'no manifest'),
  ])
  assert.deepEqual(
    groups.map(({ message, tests }) => [message, tests.map(({ name }) => name)]),
    [
      ['timeout after 5 s', ['seek', 'hls']],
      [null, ['login']],
      [null, ['live']],
      ['no manifest', ['dash']],
    ],
  )
})

test('a hostile message takes no time', () => {
  const start = performance.now()
  for (const message of [
    'a'.repeat(100_000),
    '1:'.repeat(50_000),
    'f0'.repeat(50_000),
    '-'.repeat(100_000),
  ]) {
    likenessOf(message)
  }
  assert.ok(performance.now() - start < 500)
})
