import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'

/** What the figures are of. */
export interface Machine {
  date: string
  cores: number
  cpu: string
  memoryGb: number
  node: string
  postgres: string
  commit: string
  /** Above the number of cores: something else was running. */
  loadBefore: number
}

export function describeMachine(postgres: string): Machine {
  return {
    date: new Date().toISOString(),
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    ...{ node: process.version, postgres, commit: readCommit() },
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}

function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    // Not a checkout.
    return 'unknown'
  }
}
