export interface RateLimit {
  count(key: string): void
  /** Seconds to wait; 0 below the limit. */
  waitOf(key: string): number
}

const MAX_KEYS = 100_000

export function createRateLimit({ limit, windowMs }: { limit: number; windowMs: number }): RateLimit {
  let counts = new Map<string, number>()
  let endsAt = 0
  const startWindow = () => {
    if (Date.now() < endsAt && counts.size < MAX_KEYS) return
    counts = new Map()
    endsAt = Date.now() + windowMs
  }
  return {
    count(key) {
      startWindow()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    waitOf(key) {
      startWindow()
      return (counts.get(key) ?? 0) < limit ? 0 : Math.max(1, Math.ceil((endsAt - Date.now()) / 1000))
    },
  }
}
