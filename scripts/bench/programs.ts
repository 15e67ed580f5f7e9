import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A file of `programs`, as a process of its own. */
export interface Program<Said> {
  pid: number
  /** What it says first: that it is ready, or what it found. */
  said: Promise<Said>
  stop(): Promise<void>
}

/** It leads a group of its own, so that its memory can be distinguished from ours, and ends when this process does. */
export function startProgram<Said>(file: string, args: string[]): Program<Said> {
  const path = fileURLToPath(new URL(`programs/${file}`, import.meta.url))
  const child = fork(path, args, { detached: true })
  const ended = once(child, 'exit')
  const failed = ended.then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)))
  const said = Promise.race([once(child, 'message').then(([first]) => first as Said), failed])
  // Whoever stops it does not wait for what it says.
  said.catch(() => {})
  return {
    ...{ pid: child.pid ?? 0, said },
    async stop() {
      child.kill()
      await ended
    },
  }
}
