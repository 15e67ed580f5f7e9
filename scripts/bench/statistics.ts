/** The smallest value that `share` of all do not exceed; NaN where there are none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function median(values: ArrayLike<number>): number {
  return percentile(values, 0.5)
}

type Measurements = Record<string, (() => Promise<unknown>) | undefined>
type Results<M extends Measurements> = { [Name in keyof M]: Awaited<ReturnType<NonNullable<M[Name]>>>[] }

/** Takes each measurement once, then each once more: what else the machine does meets all of them alike. */
export async function inTurns<M extends Measurements>(rounds: number, measurements: M): Promise<Results<M>> {
  const results: Record<string, unknown[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(measurements)) {
      if (!measure) continue
      results[name] ??= []
      results[name].push(await measure())
    }
  }
  return results as Results<M>
}
