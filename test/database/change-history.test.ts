import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChangeHistory } from '../../src/database/change-history.ts'
import type { Change } from '../../src/database/live.ts'

function startLifeline() {
  const listeners: ((change: Change | null) => void)[] = []
  let connected = true
  const lifeline = {
    onChange: (listener: (change: Change | null) => void) => {
      listeners.push(listener)
      return () => true
    },
    connected: () => connected,
  }
  const tell = (change: Change | null) => {
    for (const listener of listeners) listener(change)
  }
  const disconnect = () => {
    connected = false
  }
  return { lifeline, tell, disconnect }
}

const run = (id: number): Change => ({ topic: 'run', id })

test('says what has changed since a moment, and that nothing has', () => {
  const { lifeline, tell } = startLifeline()
  const history = createChangeHistory(lifeline)
  const start = history.mark()
  assert.deepEqual(history.since(start), [])
  tell(run(1))
  const later = history.mark()
  tell(run(2))
  assert.deepEqual(history.since(start), [run(1), run(2)])
  assert.deepEqual(history.since(later), [run(2)])
})

test('does not know of other processes, of long ago, or of what was lost', () => {
  const { lifeline, tell, disconnect } = startLifeline()
  const history = createChangeHistory(lifeline)
  const start = history.mark()
  for (const mark of [
    '',
    'x.0',
    createChangeHistory(lifeline).mark(),
    `${start}9`,
    start.replace(/\d+$/, '-1'),
  ])
    assert.equal(history.since(mark), null, mark)
  tell(null)
  assert.equal(history.since(start), null)
  const again = history.mark()
  for (let id = 0; id <= 1000; id += 1) tell(run(id))
  assert.equal(history.since(again), null)
  const last = history.mark()
  disconnect()
  assert.equal(history.since(last), null)
})
