import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSharedReads } from '../../src/database/shared-reads.ts'

/** Reads that end when they are let, each with what was stored when it began. */
function startStore() {
  const begun: PromiseWithResolvers<void>[] = []
  let stored = 'build 101'
  return {
    begun,
    store: (value: string) => {
      stored = value
    },
    async read() {
      const seen = stored
      const end = Promise.withResolvers<void>()
      begun.push(end)
      await end.promise
      return seen
    },
  }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

describe('a read that many ask for at once', () => {
  it('is one for all who asked before it began, and never older than the question', async () => {
    const { begun, store, read } = startStore()
    const shared = createSharedReads()
    const first = shared.read('builds', read)
    store('build 102')
    const later = [shared.read('builds', read), shared.read('builds', read)]
    assert.equal(begun.length, 1)
    begun[0]?.resolve()
    await settled()
    assert.equal(begun.length, 2)
    begun[1]?.resolve()
    assert.equal(await first, 'build 101')
    assert.deepEqual(await Promise.all(later), ['build 102', 'build 102'])
  })

  it('fails for those who share it, and is tried anew for the next', async () => {
    const shared = createSharedReads()
    const fail = () => Promise.reject(new Error('the database is away'))
    const first = shared.read('builds', fail)
    const second = shared.read('builds', async () => 'build 103')
    await assert.rejects(first, /away/)
    assert.equal(await second, 'build 103')
    assert.equal(await shared.read('builds', async () => 'build 104'), 'build 104')
  })

  it('does not wait for another', async () => {
    const { begun, read } = startStore()
    const shared = createSharedReads()
    const builds = shared.read('builds', read)
    assert.equal(await shared.read('runs', async () => 'run 1'), 'run 1')
    begun[0]?.resolve()
    await builds
  })
})
