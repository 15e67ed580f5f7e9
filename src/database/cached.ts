import type { Lifeline } from './lifeline.ts'
import type { Change } from './live.ts'

/** A value that is read once and kept until some process announces that it changed. */
export interface Cached<T> {
  get(): Promise<T>
  /** For this process' own change: its notice comes a moment later. */
  forget(): void
}

export function createCached<T>(
  lifeline: Lifeline,
  topic: Change['topic'],
  read: () => Promise<T>,
): Cached<T> {
  let kept: { value: T } | null = null
  let version = 0

  function forget(): void {
    version += 1
    kept = null
  }

  lifeline.onChange(change => {
    if (change === null || change.topic === topic) forget()
  })
  return {
    forget,
    async get() {
      // Without a connection no notice would arrive.
      if (kept && lifeline.connected()) return kept.value
      const readAt = version
      const value = await read()
      if (readAt === version) kept = { value }
      return value
    },
  }
}
