import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { simulate } from '../../scripts/lib/simulation.ts'
import { explainWait, type Place, planStarts, type WaitingRun } from '../../src/runs/schedule.ts'

const place = (id: number, more: Partial<Place> = {}): Place => ({
  ...{
    id,
    name: `rack-${id}`,
    labels: [],
    state: 'ready',
    runId: null,
    held: false,
    busySeconds: 0,
    isKnown: true,
  },
  ...more,
})
const busy = (id: number, busySeconds: number) => place(id, { runId: 900 + id, held: true, busySeconds })
const run = (id: number, more: Partial<WaitingRun> = {}): WaitingRun => ({
  ...{ id, labels: [], wantedEnvironmentId: null, needed: 1, usualSeconds: 60, tried: [] },
  ...more,
})
const plan = (places: Place[], waiting: WaitingRun[], queuePaused = false) =>
  planStarts({ places, waiting, queuePaused }).map(start => [
    start.run.id,
    ...start.places.map(({ id }) => id),
  ])

describe('the choice', () => {
  it('gives each free environment the oldest run that fits', () => {
    const gpu = place(2, { labels: ['gpu'] })
    assert.deepEqual(plan([place(1), gpu], [run(1), run(2), run(3, { labels: ['gpu'] })]), [
      [1, 1],
      [2, 2],
    ])
    assert.deepEqual(plan([place(1), gpu], [run(1), run(3, { labels: ['gpu'] })]), [
      [1, 1],
      [3, 2],
    ])
  })

  it('leaves environments with labels to the runs that need them', () => {
    assert.deepEqual(plan([place(1, { labels: ['gpu'] }), place(2)], [run(1)]), [[1, 2]])
  })

  it('takes the one that the trigger names and no other', () => {
    assert.deepEqual(plan([place(1), busy(2, 10)], [run(1, { wantedEnvironmentId: 2 }), run(2)]), [[2, 1]])
  })

  it('starts nothing in what is paused, quarantined or still held, nor while the queue is paused', () => {
    const places = [
      place(1, { state: 'paused' }),
      place(2, { state: 'quarantined' }),
      place(3, { held: true }),
    ]
    assert.deepEqual(plan(places, [run(1)]), [])
    assert.deepEqual(plan([place(1)], [run(1)], true), [])
  })

  it('repeats an attempt elsewhere, and in the same environment only where no other is left, after a pause', () => {
    const failedIn = (environmentId: number, secondsAgo: number) =>
      run(1, { tried: [{ environmentId, secondsAgo }] })
    assert.deepEqual(plan([place(1), place(2)], [failedIn(1, 60)]), [[1, 2]])
    assert.deepEqual(plan([place(1), busy(2, 10)], [failedIn(1, 60)]), [])
    assert.deepEqual(plan([place(1)], [failedIn(1, 1)]), [])
    assert.deepEqual(plan([place(1)], [failedIn(1, 60)]), [[1, 1]])
  })
})

describe('a run that needs several environments', () => {
  const both = run(1, { needed: 2 })

  it('starts in all at once, and holds the free ones until then', () => {
    assert.deepEqual(plan([place(1), place(2)], [both]), [[1, 1, 2]])
    assert.deepEqual(plan([place(1), busy(2, 30)], [both, run(2)]), [])
  })

  it('lends what it holds to runs that end before the others are free', () => {
    assert.deepEqual(plan([place(1), busy(2, 600)], [both, run(2), run(3, { usualSeconds: null })]), [[2, 1]])
  })

  it('holds nothing where not enough are in service, or an older one holds', () => {
    assert.deepEqual(plan([place(1), place(2, { state: 'paused' })], [both, run(2)]), [[2, 1]])
    const three = [place(1), busy(2, 30), busy(3, 30)]
    assert.deepEqual(plan(three, [run(1, { needed: 3 }), run(2, { needed: 2 }), run(3)]), [])
  })
})

it('says what a run waits for', () => {
  const reason = (places: Place[], waiting = run(1)) => explainWait(waiting, places)?.reason ?? null
  assert.equal(reason([place(1)]), null)
  assert.equal(reason([busy(1, 5)]), 'busy')
  assert.equal(reason([place(1, { state: 'quarantined' })]), 'none_ready')
  assert.equal(reason([place(1)], run(1, { labels: ['gpu'] })), 'no_match')
  assert.deepEqual(explainWait(run(1, { needed: 3 }), [place(1), place(2), busy(3, 5)]), {
    ...{ reason: 'together', have: 2, need: 3, unready: [] },
  })
})

it('keeps its promises over 1,000 seeds, with runs that need two of three environments', () => {
  for (let seed = 1; seed <= 1_000; seed += 1) {
    const { broken, ended } = simulate({ environments: 3, runs: 40, items: 6, seed, together: 0.3 })
    assert.deepEqual(broken, [], `seed ${seed}`)
    assert.equal(ended, 40, `seed ${seed}`)
  }
})
