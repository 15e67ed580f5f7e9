export interface DiffLine {
  sign: '-' | '+' | ' '
  text: string
}

export function diffParameters(before: object | null, after: object): DiffLine[] {
  const old = new Map(Object.entries(before ?? {}))
  const now = new Map(Object.entries(after))
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort()
  return keys.flatMap(key => {
    const [was, is] = [lineOf(old, key), lineOf(now, key)]
    if (was === is) return []
    return [...(was === null ? [] : [line('-', was)]), ...(is === null ? [] : [line('+', is)])]
  })
}

function lineOf(set: Map<string, unknown>, key: string): string | null {
  return set.has(key) ? `${key}: ${JSON.stringify(set.get(key))}` : null
}

const line = (sign: DiffLine['sign'], text: string): DiffLine => ({ sign, text })
