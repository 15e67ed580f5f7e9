import { statfs } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { sizeOf } from '../files/tree.ts'
import { findProcesses, memoryOf } from '../processes/cookie.ts'
import type { Limits } from '../services/test-suite.ts'

const CHECK_MS = 500

export class LimitReached extends Error {
  constructor(what: string) {
    super(`The tests were ended: ${what}`)
    this.name = 'LimitReached'
  }
}

export interface Supervised {
  timeLimitMs: number
  limits: Limits
  cookie: string
  folder: string
  signal: AbortSignal
  write(text: string): void
}

export interface Supervision {
  /** Aborts at a limit too, with a LimitReached. */
  signal: AbortSignal
  /** Writes as much as the log may hold. */
  write(text: string): void
  end(): void
}

export function supervise({ timeLimitMs, limits, cookie, folder, signal, write }: Supervised): Supervision {
  const reached = new AbortController()
  const over = new AbortController()
  const stop = (what: string) => reached.abort(new LimitReached(what))
  const timer = setTimeout(() => stop(`they took longer than ${timeLimitMs / 1000} s`), timeLimitMs)
  watch(limits, cookie, folder, over.signal, stop).catch(error => stop(error.message))
  let written = 0
  return {
    signal: AbortSignal.any([signal, reached.signal]),
    write(text) {
      if (written > limits.log) return
      written += Buffer.byteLength(text)
      write(text)
      if (written > limits.log) stop(`they wrote more than ${megabytes(limits.log)} of output`)
    },
    end() {
      clearTimeout(timer)
      over.abort()
    },
  }
}

async function watch(
  limits: Limits,
  cookie: string,
  folder: string,
  over: AbortSignal,
  stop: (what: string) => void,
): Promise<void> {
  while (!over.aborted) {
    const breach = await findBreach(limits, cookie, folder)
    if (breach !== null) return stop(breach)
    await pause(CHECK_MS, undefined, { signal: over }).catch(() => {})
  }
}

async function findBreach(limits: Limits, cookie: string, folder: string): Promise<string | null> {
  const processes = await findProcesses(cookie)
  if (processes.length > limits.processes) return `they started more than ${limits.processes} processes`
  if ((await memoryOf(processes)) > limits.memory)
    return `they used more than ${megabytes(limits.memory)} of memory`
  if ((await sizeOf(folder)) > limits.disk) return `they left more than ${megabytes(limits.disk)} on the disk`
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < limits.free_disk)
    return `less than ${megabytes(limits.free_disk)} of the disk are free`
  return null
}

function megabytes(bytes: number): string {
  return `${bytes / 1000 ** 2} MB`
}
