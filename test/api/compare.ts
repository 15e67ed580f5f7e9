import { inspect } from 'node:util'

/**
 * Where an answer is not what was recorded, a few lines for each place. Every recorded field must be there with
 * the same value, lists must be equal from end to end; fields that were not recorded may have come since.
 */
export function differences(recorded: unknown, now: unknown, path = ''): string[] {
  if (Array.isArray(recorded) && Array.isArray(now)) return differencesOfLists(recorded, now, path)
  if (isObject(recorded) && isObject(now))
    return Object.keys(recorded).flatMap(key => differences(recorded[key], now[key], join(path, key)))
  return Object.is(recorded, now) ? [] : [describe(recorded, now, path)]
}

function differencesOfLists(recorded: unknown[], now: unknown[], path: string): string[] {
  const length =
    recorded.length === now.length ? [] : [describe(recorded.length, now.length, join(path, 'length'))]
  const elements = recorded
    .slice(0, now.length)
    .flatMap((element, index) => differences(element, now[index], `${path}[${index}]`))
  return [...length, ...elements]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const join = (path: string, key: string) => (path ? `${path}.${key}` : key)

function describe(recorded: unknown, now: unknown, path: string): string {
  return `  ${path}\n    recorded  ${shown(recorded)}\n    now       ${shown(now)}`
}

function shown(value: unknown): string {
  const text = inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY })
  return value === undefined ? 'is not there' : text
}
