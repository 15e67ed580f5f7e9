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
export async function waitForVerdict(waiter: Waiter, of: VerdictOf, stop: AbortSignal): Promise<Verdict> {
  const { db, lifeline, sharedReads } = waiter
  const others = new Set<number>()
  const read = () => sharedReads.read(`verdict ${JSON.stringify(of)}`, () => readVerdict(db, of))
  const changes = followChanges(lifeline, stop)
  try {
    const first = await read()
    let last = first
    while (!stop.aborted && last.verdict.state !== 'finished' && isSame(last.verdict, first.verdict)) {
      const news = await changes.next()
      if (stop.aborted || (await concern(waiter, news, { last, of, others }))) last = await read()
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
    /** Those since it was called before; none once it stops. */
    async next(): Promise<(Change | null)[]> {
      if (!stop.aborted && !missed.length) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
      const news = missed
      missed = []
      return news
    },
    end() {
      unsubscribe()
      stop.removeEventListener('abort', onStop)
    },
  }
}

interface Known {
  last: ReadVerdict
  of: VerdictOf
  /** Runs of other builds. */
  others: Set<number>
}

/** Whether any may change the verdict. null: changes may have been missed. */
async function concern(waiter: Waiter, changes: (Change | null)[], known: Known): Promise<boolean> {
  const { last, of, others } = known
  for (const change of changes) {
    const id = Number(change?.id)
    if (others.has(id)) continue
    if (change === null || last.runIds.has(id) || (await buildOf(waiter, id)) === of.buildId) return true
    others.add(id)
  }
  return false
}

/** Of a run that is new to who waits: ids do not say, as they are not committed in order. */
async function buildOf({ db, sharedReads }: Waiter, id: number): Promise<number | null> {
  const read = () => db.run.findUnique({ where: { id }, select: { buildId: true } })
  return (await sharedReads.read(`build of run ${id}`, read))?.buildId ?? null
}
