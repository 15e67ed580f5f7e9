import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RunningProcess {
  /** 0 where it could not be started. */
  pid: number
  /** Its exit code when it has ended; null if a signal ended it. */
  ended: Promise<number | null>
  hasEnded(): boolean
  /** Asks it to end and waits for it and all that it started; makes them where they do not. */
  stop(): Promise<void>
}

export interface ProcessOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** A file descriptor for what it says; the terminal if missing. */
  output?: number
}

/** CRAT itself takes at most 10 s; a PostgreSQL that it was starting comes up meanwhile, and can then be stopped. */
const TIMEOUT_MS = 15_000
const LAST_PATIENCE_MS = 2_000

/** Starts a process in a group of its own: Ctrl-C is for us, who stop it and all that it started in order. */
export function startProcess(command: string, args: string[], options: ProcessOptions = {}): RunningProcess {
  const { cwd, env = process.env, output = 'inherit' } = options
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], detached: true })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded,
    async stop() {
      if (!hasEnded()) child.kill('SIGTERM')
      if (child.pid === undefined || (await groupEnds(child.pid, TIMEOUT_MS))) return
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        signalGroup(child.pid, signal)
        if (await groupEnds(child.pid, LAST_PATIENCE_MS)) return
      }
    },
  }
}

/** Waits for the end of a process and of all that it started and left behind. */
async function groupEnds(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  while (signalGroup(pid, 0)) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** Tells whether there was anybody to hear it. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

/** Undoes what was begun, the last first; what fails does not keep the others from it. */
export async function cleanUpAll(cleanUps: (() => Promise<void>)[]): Promise<void> {
  for (const cleanUp of cleanUps.toReversed()) {
    await cleanUp().catch(error => {
      console.error(error)
      process.exitCode = 1
    })
  }
}
