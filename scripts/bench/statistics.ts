/** The smallest value that `share` of all do not exceed; NaN where there are none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function median(values: ArrayLike<number>): number {
  return percentile(values, 0.5)
}

/** Takes each measurement once, then each once more: what else the machine does meets all of them alike. */
export async function inTurns<T>(rounds: number, measurements: (() => Promise<T>)[]): Promise<T[][]> {
  const results: T[][] = measurements.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, measure] of measurements.entries()) results[i]?.push(await measure())
  return results
}
