import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { atLeast, atMost, format, growthOf, ratioOf } from '../../scripts/bench/figures.ts'
import { failuresIn, runLoad, summarise } from '../../scripts/bench/load.ts'
import { inTurns, median, percentile } from '../../scripts/bench/statistics.ts'
import { tableOf } from '../../scripts/bench/table.ts'

test('A figure is shown with three digits that count', () => {
  assert.equal(format(4321.5, '/s'), '4,322/s')
  assert.equal(format(43.21, 'ms'), '43.2 ms')
  assert.equal(format(0.1234, 's'), '0.12 s')
  assert.equal(format(0, 's'), '0 s')
  assert.equal(format(undefined, 's'), '')
})

test('The ratio is ours to the machine, the growth how many times slower a large database is', () => {
  const rate = { name: 'rate', unit: '/s', ours: 500, machine: 1000, small: 600 } as const
  assert.equal(ratioOf(rate), 0.5)
  assert.equal(growthOf(rate), 1.2)
  const time = { name: 'time', unit: 'ms', ours: 30, machine: 10, small: 20 } as const
  assert.equal(ratioOf(time), 3)
  assert.equal(growthOf(time), 1.5)
  assert.equal(ratioOf({ name: 'none', unit: 's', ours: null, machine: 1 }), null)
})

test('A target is met at its limit, and never by what was not measured', () => {
  assert.deepEqual(atMost(1, 's', 1), { text: '≤ 1 s', met: true })
  assert.equal(atMost(1, 's', 1.01).met, false)
  assert.equal(atLeast(2000, '/s', 2000).met, true)
  assert.equal(atLeast(2000, '/s', 1999).met, false)
  assert.equal(atMost(1, 's', null).met, false)
})

test('A table leaves out columns that no figure fills', () => {
  const table = tableOf([
    { name: 'ready after', unit: 's', machine: 0.25, ours: 0.5, target: atMost(0.5, 's', 0.5) },
    { name: 'again', unit: 's', ours: null, note: 'not done' },
  ])
  assert.deepEqual(table, [
    'figure       machine   ours  ratio  target',
    'ready after   0.25 s  0.5 s    2 ×  ≤ 0.5 s  ok',
    'again                     –                      not done',
  ])
})

test('A percentile is a value that was measured', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(percentile([...Array(100).keys()], 0.99), 98)
  assert.ok(Number.isNaN(median([])))
})

test('Measurements are taken in turns', async () => {
  const order: string[] = []
  const take = (name: string) => async () => order.push(name)
  const results = await inTurns(2, { a: take('a'), b: take('b'), c: undefined })
  assert.deepEqual(order, ['a', 'b', 'a', 'b'])
  assert.deepEqual(results, { a: [1, 3], b: [2, 4] })
})

test('Only answers after the warm-up that succeeded count, and every answer is told by its status', async () => {
  let asked = 0
  const client = async () => {
    await sleep(5)
    asked += 1
    return asked % 2 ? 200 : 503
  }
  const result = await runLoad([client, client], { warmUpSeconds: 0.05, seconds: 0.2 })
  const { statuses, rate } = summarise([result])
  assert.equal((statuses[200] ?? 0) + (statuses[503] ?? 0), asked)
  assert.ok(result.latencies.length > 0 && result.latencies.length < (statuses[200] ?? 0))
  assert.ok(rate < 2 / 0.005)
  assert.equal(failuresIn(statuses), `${statuses[503]} × 503`)
})

test('A load ends when there is nothing more to ask, or when it is aborted', async () => {
  let left = 3
  const ended = await runLoad([async () => (left-- > 0 ? 201 : null)], {
    warmUpSeconds: 0,
    seconds: Infinity,
  })
  assert.deepEqual(ended.statuses, { 201: 3 })
  const forever = async () => {
    await sleep(1)
    return 200
  }
  const stopped = await runLoad([forever], { warmUpSeconds: 0, seconds: Infinity }, AbortSignal.timeout(30))
  assert.ok(stopped.seconds < 10)
})
