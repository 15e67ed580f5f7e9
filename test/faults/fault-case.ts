import type { FaultyPostgres } from './world/postgres.ts'

/** What a case counted and measured, as it is printed. */
export type Figures = Record<string, string | number>

export interface FaultCase {
  name: string
  about: string
  /** How often, by default. */
  rounds: number
  /** How often in the test suite; without it the case takes too long for that. */
  quick?: number
  /** Throws where something was lost, doubled or left hanging. */
  run(postgres: FaultyPostgres, rounds: number): Promise<Figures>
}

/** `min 1.2, median 3.4, max 5.6 s` */
export function spread(milliseconds: number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (part: number) => ((sorted[Math.floor((sorted.length - 1) * part)] ?? 0) / 1000).toFixed(2)
  return `min ${at(0)}, median ${at(0.5)}, max ${at(1)} s`
}
