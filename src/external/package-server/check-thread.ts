import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CheckAnswer, CheckMessage, CheckPlan } from './check-worker.ts'

/** Checks in a thread of its own, so that neither the work nor its garbage holds this one up. */
export class CheckThread {
  readonly #worker: Worker
  readonly #ended = new AbortController()

  constructor(plan: CheckPlan) {
    this.#worker = startWorker(plan)
    this.#worker.once('error', error => this.#ended.abort(error))
    this.#worker.once('exit', () =>
      this.#ended.abort(new Error('The thread that checks a package has ended')),
    )
  }

  /** One message at a time. Shared memory is not copied, and must not change before the answer. */
  async send(message: CheckMessage): Promise<CheckAnswer> {
    const { signal } = this.#ended
    signal.throwIfAborted()
    this.#worker.postMessage(message)
    const [answer] = await once(this.#worker, 'message', { signal }).catch(() => {
      throw signal.reason
    })
    return answer
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

function startWorker(plan: CheckPlan): Worker {
  return new Worker(new URL('./check-worker.ts', import.meta.url), {
    workerData: plan,
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 },
  })
}
