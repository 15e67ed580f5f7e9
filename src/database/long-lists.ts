import type { Lifeline } from './lifeline.ts'

/** A list that may have more rows than are counted. Take it before the rows are read. */
export interface LongList {
  /** Whether it had more when it was counted last, within a minute. */
  isKnown(): boolean
  /** Ignored if something has changed meanwhile. */
  remember(): void
}

export interface LongLists {
  of(list: string): LongList
}

/** So many rows seldom leave a list at once; housekeeping is not announced. */
const KEPT_MS = 60_000
const MOST_KEPT = 2_000

/** Forgets all when any process changes a job or a test item, or clears its history. */
export function createLongLists(lifeline: Lifeline): LongLists {
  const countedAt = new Map<string, number>()
  let version = 0
  lifeline.onChange(change => {
    if (change && change.topic !== 'job' && change.topic !== 'item') return
    version += 1
    countedAt.clear()
  })
  return {
    of(list) {
      const readAt = version
      return {
        // Without a connection no change would be heard of.
        isKnown: () => lifeline.connected() && Date.now() - (countedAt.get(list) ?? 0) < KEPT_MS,
        remember() {
          if (readAt !== version) return
          if (countedAt.size >= MOST_KEPT) countedAt.clear()
          countedAt.set(list, Date.now())
        },
      }
    },
  }
}
