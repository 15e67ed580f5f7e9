import { spawn } from 'node:child_process'

export interface RunningProcess {
  /** Its exit code when it has ended; null if a signal ended it. */
  ended: Promise<number | null>
  hasEnded(): boolean
  /** Asks it to end, after 15 s makes it, and waits for it. */
  stop(): Promise<void>
}

export interface ProcessOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** A file descriptor for what it says; the terminal if missing. */
  output?: number
}

const PATIENCE_MS = 15_000

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
    ended,
    hasEnded,
    async stop() {
      const patience = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), PATIENCE_MS)
      if (!hasEnded()) child.kill('SIGTERM')
      await ended
      clearTimeout(patience)
      signalGroup(child.pid, 'SIGTERM')
    },
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // Nobody is left in it.
  }
}
