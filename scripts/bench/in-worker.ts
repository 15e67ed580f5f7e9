import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'

export interface InWorker<Result> {
  result: Promise<Result>
  /** Asks for the result now. */
  stop(): void
}

/** Has a file of `workers` do what `plan` says, in a thread of its own: what else this process does is not measured. */
export function startInWorker<Result>(file: string, plan: unknown): InWorker<Result> {
  const worker = new Worker(new URL(`workers/${file}`, import.meta.url), { workerData: plan })
  const result = once(worker, 'message').then(async ([value]) => {
    await worker.terminate()
    return value as Result
  })
  return { result, stop: () => worker.postMessage('stop') }
}

export function runInWorker<Result>(file: string, plan: unknown): Promise<Result> {
  return startInWorker<Result>(file, plan).result
}

/** The other side: takes the plan, posts the result. The signal is aborted by `stop`. */
export async function answerParent<Plan, Result>(
  work: (plan: Plan, signal: AbortSignal) => Promise<Result>,
): Promise<void> {
  const stop = new AbortController()
  parentPort?.on('message', () => stop.abort())
  const result = await work(workerData, stop.signal)
  parentPort?.postMessage(result)
}
