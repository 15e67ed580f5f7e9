import { setTimeout as sleep } from 'node:timers/promises'
import { execa, type Result, type Subprocess } from 'execa'

export interface RunningProcess {
  /** 0 where it could not be started. */
  pid: number
  /** Its exit code when it has ended; null if a signal ended it. */
  ended: Promise<number | null>
  hasEnded(): boolean
  /** To one that sends messages; undefined: there will be none any more. */
  send(message: string | undefined): void
  /** Asks it and all that it started to end, and waits for that; kills them where they do not. */
  stop(): Promise<void>
}

export interface ProcessOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Its output is appended to that file; without it, it goes to the terminal. */
  logFile?: string
  /** Called with each message that it sends. */
  onMessage?: (message: unknown) => void
}

/** CRAT itself takes at most 10 s; a PostgreSQL that it was starting comes up meanwhile, and can then be stopped. */
const STOP_WITHIN_MS = 15_000

/** Starts a process in a group of its own: Ctrl-C is for us, who stop it and all that it started in order. */
export function startProcess(command: string, args: string[], options: ProcessOptions = {}): RunningProcess {
  const { cwd, env = process.env, logFile, onMessage } = options
  const output = logFile === undefined ? 'inherit' : { file: logFile, append: true }
  const child = execa(command, args, {
    cwd,
    env,
    extendEnv: false,
    stdio: ['ignore', output, output],
    ipc: onMessage !== undefined,
    serialization: 'advanced',
    buffer: false,
    killDescendants: true,
    forceKillAfterDelay: false,
    reject: false,
  })
  const { nodeChildProcess } = child
  if (onMessage) nodeChildProcess.on('message', onMessage)
  return {
    pid: child.pid ?? 0,
    ended: child.then(exitCode),
    hasEnded: () => nodeChildProcess.exitCode !== null || nodeChildProcess.signalCode !== null,
    send(message) {
      if (message === undefined) nodeChildProcess.disconnect()
      else nodeChildProcess.send(message)
    },
    async stop() {
      child.kill('SIGTERM')
      if (!(await groupEnds(child, STOP_WITHIN_MS))) child.kill('SIGKILL')
      await child
    },
  }
}

/** Null if a signal ended it; throws where it could not be started. */
function exitCode(result: Result): number | null {
  if (result.code) throw result
  return result.exitCode ?? null
}

/** Waits for the end of a process and of all that it started and left behind. */
async function groupEnds(child: Subprocess, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (child.kill(0)) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

/** Runs all of them, the last first; one that fails does not keep the others from it. */
export async function cleanUpAll(cleanUps: (() => Promise<void>)[]): Promise<void> {
  for (const cleanUp of cleanUps.toReversed()) {
    await cleanUp().catch(error => {
      console.error(error)
      process.exitCode = 1
    })
  }
}
