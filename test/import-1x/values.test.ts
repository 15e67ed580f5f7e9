import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figuresIn } from '../../src/import-1x/tables/figures.ts'
import { stepsOf } from '../../src/import-1x/tables/steps.ts'
import { integerIn, jsonIn, storableJson, timeIn } from '../../src/import-1x/values.ts'

test('times are read as PostgreSQL and Go write them, and what is no time is none', () => {
  assert.equal(timeIn('2025-03-04 09:00:00.123456+00')?.toISOString(), '2025-03-04T09:00:00.123Z')
  assert.equal(timeIn('2025-03-04T17:00:00+08:00')?.toISOString(), '2025-03-04T09:00:00.000Z')
  for (const none of [
    null,
    '',
    '0001-01-01 00:00:00+00',
    'infinity',
    '-infinity',
    '0044-03-15 00:00:00+00 BC',
    'soon',
  ])
    assert.equal(timeIn(none), null, `${none}`)
})

test('numbers out of range and JSON that does not parse are not taken for what is empty', () => {
  assert.equal(integerIn('60', 1, 100), 60)
  assert.equal(integerIn('99999999999999999999', 1, 100), null)
  assert.equal(integerIn('6e3', 1, 10_000), null)
  assert.equal(jsonIn(null), null)
  assert.equal(jsonIn('{"half": '), undefined)
})

test('JSON goes on as it is written, without what PostgreSQL cannot store', () => {
  assert.equal(storableJson('{"n": 12345678901234567890}', {}), '{"n": 12345678901234567890}')
  const text = String.raw`{"a": "x\u0000y"}`
  assert.equal(storableJson(text, JSON.parse(text)), '{"a":"xy"}')
})

test('steps that make no sense are left out and named', () => {
  const said: string[] = []
  const stepsIn = (steps: string | null) => stepsOf({ steps, fingerprint: '' }, why => said.push(why))
  assert.deepEqual(stepsIn(null), [])
  assert.deepEqual(stepsIn('{"half": '), [])
  assert.deepEqual(
    stepsIn(
      '[7, {"name": "deploy"}, {"name": "test", "status": "FAILED", "start_time": "0001-01-01T00:00:00Z"}]',
    ),
    [
      {
        name: 'test',
        attempt: 1,
        status: 'FAILED',
        start_time: null,
        end_time: null,
        details: null,
        error: null,
      },
    ],
  )
  assert.deepEqual(said, [
    'its step 7 does not exist here: left out',
    'its step "deploy" does not exist here: left out',
  ])
})

test('figures are taken where the answer of a test server has them', () => {
  const counts = { passed: 40, failed: 2, total: 42 }
  for (const answer of [{ result: { test: counts } }, { result: { test: { statistic: counts } } }])
    assert.equal(figuresIn(null, answer)?.total, 42)
  assert.equal(figuresIn({ statistic: counts }, null)?.failed, 2)
  assert.equal(figuresIn(null, { result: { test: { report_url: 'http://10.8.24.59/' } } }), null)
  assert.equal(figuresIn(null, 'completed'), null)
})
