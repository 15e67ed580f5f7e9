/** Reads that many ask for at the same moment, as when a change reaches all open pages. */
export interface SharedReads {
  /** One read of a `key` at a time; each is for all who asked before it began, so nobody gets what is older. */
  read<T>(key: string, read: () => Promise<T>): Promise<T>
}

interface Reads {
  running: Promise<unknown>
  next: Promise<unknown> | null
}

export function createSharedReads(): SharedReads {
  const reads = new Map<string, Reads>()

  function start<T>(key: string, read: () => Promise<T>): Promise<T> {
    const running = read()
    const own: Reads = { running, next: null }
    reads.set(key, own)
    const end = () => {
      if (reads.get(key) === own && !own.next) reads.delete(key)
    }
    running.then(end, end)
    return running
  }

  function startAfter<T>(before: Promise<unknown>, key: string, read: () => Promise<T>): Promise<T> {
    const begin = () => start(key, read)
    return before.then(begin, begin)
  }

  return {
    read<T>(key: string, read: () => Promise<T>): Promise<T> {
      const current = reads.get(key)
      if (!current) return start(key, read)
      current.next ??= startAfter(current.running, key, read)
      return current.next as Promise<T>
    },
  }
}
