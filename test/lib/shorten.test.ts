import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBudget, shortenLines } from '../../src/lib/shorten.ts'

test('texts are cut, each and all together', () => {
  const shorten = createBudget({ all: 10, each: 6 })
  assert.deepEqual(shorten('abc'), { text: 'abc', cut: false })
  assert.deepEqual(shorten('abcdefgh'), { text: 'abcdef', cut: true })
  assert.deepEqual(shorten('abc'), { text: 'a', cut: true })
  assert.deepEqual(shorten('abc'), { text: '', cut: true })
})

test('lines are cut, and left out where they are too many, however short', () => {
  assert.deepEqual(shortenLines([{ text: 'a'.repeat(9) }], { all: 100, each: 5 }), {
    ...{ lines: [{ text: 'aaaaa' }], cut: true },
  })
  const many = Array.from({ length: 1000 }, () => ({ text: 'a' }))
  const { lines, cut } = shortenLines(many, { all: 4100, each: 5 })
  assert.deepEqual([lines.length, cut], [100, true])
  assert.equal(shortenLines(many.slice(0, 100), { all: 4100, each: 5 }).cut, false)
})
