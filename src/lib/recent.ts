const KEPT_MS = 30_000
const MOST_KEPT = 100

/** Results of calls to others, kept for a moment: a page that refreshes itself must not repeat them each time. */
export interface Recent {
  get<T>(key: string, read: () => Promise<T>): Promise<T>
  forget(): void
}

export function createRecent(): Recent {
  const kept = new Map<string, { at: number; result: Promise<unknown> }>()
  return {
    get<T>(key: string, read: () => Promise<T>): Promise<T> {
      const known = kept.get(key)
      if (known && Date.now() - known.at < KEPT_MS) return known.result as Promise<T>
      if (kept.size >= MOST_KEPT) kept.clear()
      const result = read()
      kept.set(key, { at: Date.now(), result })
      result.catch(() => kept.delete(key))
      return result
    },
    forget: () => kept.clear(),
  }
}
