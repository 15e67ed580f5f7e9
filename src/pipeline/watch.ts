import type { Database } from '../database/client.ts'
import type { Lifeline } from '../database/lifeline.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { isTerminal } from '../lib/run-status.ts'
import { StaleRunError } from '../runs/record-event.ts'
import { serverHas } from './features.ts'

const POLL_EVERY_MS = 500
const SUBMIT_GRACE_MS = 5_000

export interface RunWatch {
  /** Aborts with StaleRunError when the run is ended or taken over elsewhere, and with the reason of `stop`. */
  signalIn(run: Run): AbortSignal
  end(): void
}

interface Watched {
  db: Database
  lifeline: Lifeline
}

export function watchRun({ db, lifeline }: Watched, run: Run, stop: AbortSignal): RunWatch {
  const lost = new AbortController()
  let ended = false
  let timer = setTimeout(check, POLL_EVERY_MS)
  const unsubscribe = lifeline.onChange(change => {
    if (change === null || (change.topic === 'run' && change.id === run.id)) void check()
  })

  async function check(): Promise<void> {
    const isLost = await isEndedOrTakenOver(db, run)
    if (ended || lost.signal.aborted) return
    if (isLost) return lost.abort(new StaleRunError(run))
    clearTimeout(timer)
    timer = setTimeout(check, POLL_EVERY_MS)
  }

  return {
    signalIn: createSignals(stop, lost.signal),
    end() {
      ended = true
      unsubscribe()
      clearTimeout(timer)
    },
  }
}

async function isEndedOrTakenOver(db: Database, { id, claim }: Run): Promise<boolean> {
  const now = await db.run
    .findUnique({ where: { id }, select: { status: true, claim: true } })
    // While the database is unavailable the step goes on: its result is written only if the run is still ours.
    .catch(() => undefined)
  return now === null || (now !== undefined && (isTerminal(now.status) || now.claim !== claim))
}

/**
 * An interrupted submit cannot be repeated: wait for its answer, even after a cancel if the task can be
 * cancelled.
 */
function createSignals(stop: AbortSignal, lost: AbortSignal): RunWatch['signalIn'] {
  const atOnce = AbortSignal.any([stop, lost])
  const delayedStop = AbortSignal.any([delayed(stop, SUBMIT_GRACE_MS), lost])
  const delayedBoth = delayed(atOnce, SUBMIT_GRACE_MS)
  return run => {
    if (run.status !== 'TESTING') return atOnce
    return serverHas('cancel', run) ? delayedBoth : delayedStop
  }
}

function delayed(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController()
  const abort = () => void setTimeout(() => late.abort(signal.reason), ms).unref()
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return late.signal
}
