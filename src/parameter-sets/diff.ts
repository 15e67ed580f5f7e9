import { isDeepStrictEqual } from 'node:util'
import { masked } from '../lib/secrets.ts'

export interface DiffLine {
  sign: '-' | '+' | ' '
  text: string
}

export function diffParameters(before: object | null, after: object): DiffLine[] {
  const old = new Map(Object.entries(before ?? {}))
  const now = new Map(Object.entries(after))
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort()
  return keys.flatMap(key => {
    if (isDeepStrictEqual(old.get(key), now.get(key)) && old.has(key) === now.has(key)) return []
    return [...lineOf('-', old, key), ...lineOf('+', now, key)]
  })
}

function lineOf(sign: DiffLine['sign'], set: Map<string, unknown>, key: string): DiffLine[] {
  if (!set.has(key)) return []
  const shown = masked({ [key]: set.get(key) })
  return [{ sign, text: `${key}: ${JSON.stringify(shown[key])}` }]
}
