import type { Database } from '../database/client.ts'
import type { Lifeline } from '../database/lifeline.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { isTerminal } from '../lib/run-status.ts'
import { StaleRunError } from '../runs/record-event.ts'
import { serverHas } from './features.ts'

const POLL_EVERY_MS = 500
const SUBMIT_GRACE_MS = 5_000

export interface RunWatch {
  /** Aborts with StaleRunError when someone else ended the run or took it over; with `stop`'s reason when we stop. */
  signalIn(run: Run): AbortSignal
  end(): void
}

interface Watched {
  db: Database
  lifeline: Lifeline
}

/**
 * Looks at the run when it is said to have changed, and twice a second in case that was missed: a cancel by whatever
 * process takes effect at once.
 */
export function watchRun({ db, lifeline }: Watched, run: Run, stop: AbortSignal): RunWatch {
  const lost = new AbortController()
  let ended = false
  let timer: NodeJS.Timeout | undefined
  const forget = lifeline.onChange(change => {
    if (change === null || (change.topic === 'run' && change.id === run.id)) void check()
  })

  async function check(): Promise<void> {
    const now = await db.run
      .findUnique({ where: { id: run.id }, select: { status: true, claim: true } })
      // While the database is away the step goes on; its result cannot be written without us noticing.
      .catch(() => undefined)
    if (ended || lost.signal.aborted) return
    if (now === null || (now && (isTerminal(now.status) || now.claim !== run.claim))) {
      lost.abort(new StaleRunError(run))
      return
    }
    clearTimeout(timer)
    timer = setTimeout(check, POLL_EVERY_MS)
  }

  timer = setTimeout(check, POLL_EVERY_MS)
  const atOnce = AbortSignal.any([stop, lost.signal])
  const afterGrace = AbortSignal.any([delayed(stop, SUBMIT_GRACE_MS), lost.signal])
  const afterGraceInAllCases = delayed(atOnce, SUBMIT_GRACE_MS)
  return {
    // A submit that is cut off cannot be repeated: its answer is waited for as long as a stop allows. Also where the
    // run is lost, if the server can stop the task that the answer names.
    signalIn(run) {
      if (run.status !== 'TESTING') return atOnce
      return serverHas('cancel', run) ? afterGraceInAllCases : afterGrace
    },
    end() {
      ended = true
      forget()
      clearTimeout(timer)
    },
  }
}

function delayed(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController()
  const abort = () => void setTimeout(() => late.abort(signal.reason), ms).unref()
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return late.signal
}
