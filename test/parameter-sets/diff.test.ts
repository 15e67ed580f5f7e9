import assert from 'node:assert/strict'
import test from 'node:test'
import { diffParameters } from '../../src/parameter-sets/diff.ts'

const shown = (before: object | null, after: object) =>
  diffParameters(before, after).map(({ sign, text }) => `${sign} ${text}`)

test('a first version is all new', () => {
  assert.deepEqual(shown(null, { upgrade_type: 'full', deep: { a: [1] } }), [
    '+ deep: {"a":[1]}',
    '+ upgrade_type: "full"',
  ])
})

test('only what changed is shown', () => {
  assert.deepEqual(shown({ a: 1, b: 2, gone: null }, { b: 3, a: 1, fresh: '' }), [
    '- b: 2',
    '+ b: 3',
    '+ fresh: ""',
    '- gone: null',
  ])
})

test('the same set in another order has not changed', () => {
  assert.deepEqual(shown({ a: 1, b: 2 }, { b: 2, a: 1 }), [])
})
