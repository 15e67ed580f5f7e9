import { setTimeout as sleep } from 'node:timers/promises'
import { median, percentile } from './statistics.ts'

export interface LoadPlan {
  warmUpSeconds: number
  /** Infinity: until it is aborted. */
  seconds: number
  /** Each client waits so long between its requests. */
  pauseMs?: number
}

/** What came of one load. */
export interface LoadResult {
  seconds: number
  /** Milliseconds of each request that ended after the warm-up and succeeded. */
  latencies: Float64Array
  /** How many answers of each status, those of the warm-up too. */
  statuses: Record<number, number>
}

/** Resolves with the status of an answer; with null where there is nothing more to ask. */
export type Client = () => Promise<number | null>

/** Each client asks again as soon as it is answered. */
export async function runLoad(
  clients: Client[],
  plan: LoadPlan,
  signal = new AbortController().signal,
): Promise<LoadResult> {
  const begin = performance.now() + plan.warmUpSeconds * 1000
  const end = begin + plan.seconds * 1000
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const work = async (ask: Client) => {
    while (performance.now() < end && !signal.aborted) {
      const asked = performance.now()
      const status = await ask()
      if (status === null) return
      const answered = performance.now()
      statuses[status] = (statuses[status] ?? 0) + 1
      if (answered >= begin && answered <= end && status < 400) latencies.push(answered - asked)
      if (plan.pauseMs) await sleep(plan.pauseMs)
    }
  }
  await Promise.all(clients.map(work))
  const seconds = (Math.min(end, performance.now()) - begin) / 1000
  return { seconds, latencies: Float64Array.from(latencies), statuses }
}

/** Several rounds of the same load as one. */
export function summarise(results: LoadResult[]) {
  const latencies = results.flatMap(result => [...result.latencies])
  const statuses: Record<number, number> = {}
  for (const result of results)
    for (const [status, count] of Object.entries(result.statuses))
      statuses[Number(status)] = (statuses[Number(status)] ?? 0) + count
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0)
  return {
    rate: latencies.length / seconds,
    p50: median(latencies),
    p99: percentile(latencies, 0.99),
    statuses,
  }
}

/** Says which answers were no success; undefined where all were. */
export function failuresIn(statuses: Record<number, number>): string | undefined {
  const failures = Object.entries(statuses).filter(([status]) => Number(status) >= 400)
  return failures.map(([status, count]) => `${count} × ${status}`).join(', ') || undefined
}
