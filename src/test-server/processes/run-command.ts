import { setTimeout as pause } from 'node:timers/promises'
import { killProcesses } from './cookie.ts'
import { type Command, startProcess } from './start-process.ts'

export interface CommandOptions {
  cwd: string
  env?: Record<string, string>
  /** Marks it and all that it starts; what is left of them when it ends is killed. */
  cookie: string
  signal: AbortSignal
  write(text: string): void
  maxFileBytes?: number
  /** Asks it to end by itself after an abort, and how long that may take; without it is killed at once. */
  stop?: { ask(): Promise<void>; withinMs: number }
}

export interface CommandEnd {
  /** Null where a signal ended it. */
  exitCode: number | null
  tail: string
}

const KEPT_CHARACTERS = 10_000

/** Runs a command and hands on its output as it comes. An abort ends it and all that it started, and is thrown. */
export async function runCommand(command: Command, options: CommandOptions): Promise<CommandEnd> {
  const { signal, cookie, write } = options
  signal.throwIfAborted()
  let tail = ''
  const output = (text: string) => {
    tail = (tail + text).slice(-KEPT_CHARACTERS)
    write(text)
  }
  const started = startProcess(command, { ...options, output })
  const abort = () => void askToStop(started.exited, options).finally(started.kill)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const exitCode = await started.exited
    await killProcesses(cookie)
    await started.closed
    signal.throwIfAborted()
    return { exitCode, tail }
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function askToStop(exited: Promise<unknown>, { stop, write }: CommandOptions): Promise<void> {
  if (!stop) return
  try {
    await stop.ask()
    await Promise.race([exited, pause(stop.withinMs, undefined, { ref: false })])
  } catch (error) {
    write(`It cannot be asked to stop: ${(error as Error).message}\n`)
  }
}
