export interface SeenFields {
  value: unknown
  /** Fields that nobody has asked for so far, as `/spec/replicas`. */
  unseen(): string[]
}

/** Records which fields of a document a validator asks for: those that it never does are unknown to its schema. */
export function recordSeen(document: unknown): SeenFields {
  const all = new Set<string>()
  const seen = new Set<string>()

  function record(value: unknown, path: string): unknown {
    if (value === null || typeof value !== 'object') return value
    const pathOf = (key: string | symbol) => `${path}/${String(key)}`
    for (const key of Object.keys(value)) all.add(pathOf(key))
    return new Proxy(value, {
      get(target, key) {
        seen.add(pathOf(key))
        return record(Reflect.get(target, key), pathOf(key))
      },
      ownKeys(target) {
        for (const key of Object.keys(target)) seen.add(pathOf(key))
        return Reflect.ownKeys(target)
      },
    })
  }

  return { value: record(document, ''), unseen: () => [...all].filter(path => !seen.has(path)) }
}
