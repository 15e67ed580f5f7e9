import type { Database } from '../database/client.ts'
import type { Lifeline } from '../database/lifeline.ts'
import type { Change } from '../database/live.ts'
import type { SharedReads } from '../database/shared-reads.ts'
import { type ReadVerdict, readVerdict, type Verdict, type VerdictOf } from './verdict.ts'

interface Waiter {
  db: Database
  lifeline: Lifeline
  sharedReads: SharedReads
}

/** Reads a verdict; one that is not final is held back until it changes or `stop`. */
export async function waitForVerdict(
  { db, lifeline, sharedReads }: Waiter,
  of: VerdictOf,
  stop: AbortSignal,
): Promise<Verdict> {
  const read = () => sharedReads.read(`verdict ${JSON.stringify(of)}`, () => readVerdict(db, of))
  const changes = followChanges(lifeline, stop)
  try {
    const first = await read()
    let last = first
    while (last.verdict.state !== 'finished' && isSame(last.verdict, first.verdict)) {
      await changes.next(last)
      if (stop.aborted) break
      last = await read()
    }
    return last.verdict
  } finally {
    changes.end()
  }
}

const isSame = (a: Verdict, b: Verdict) => a.state === b.state && a.runId === b.runId

/** From the start on, so that no change between a read and the wait after it is missed. */
function followChanges(lifeline: Lifeline, stop: AbortSignal) {
  let missed: (Change | null)[] = []
  let wake: () => void = () => {}
  const unsubscribe = lifeline.onChange(change => {
    if (change !== null && change.topic !== 'run') return
    missed.push(change)
    wake()
  })
  const onStop = () => wake()
  stop.addEventListener('abort', onStop, { once: true })
  return {
    async next(last: ReadVerdict): Promise<void> {
      while (!stop.aborted && !missed.some(change => concerns(change, last))) {
        missed = []
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
      missed = []
    },
    end() {
      unsubscribe()
      stop.removeEventListener('abort', onStop)
    },
  }
}

/** null: changes may have been missed. */
function concerns(change: Change | null, { runIds, newestRunId }: ReadVerdict): boolean {
  const id = Number(change?.id)
  return change === null || id > newestRunId || runIds.has(id)
}
