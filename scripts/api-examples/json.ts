export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

const WIDTH = 100
const LONGEST_DEEP = 160
const DEEP = 3

/** What stands for whatever the recording leaves out. */
const SAMPLES: Record<string, JsonValue> = {
  '<time>': '2026-06-18T02:15:54.000Z',
  '<token>': 'crat_…',
  '<uuid>': '7f9c24e8-3b12-4c1d-9d0a-3f6f3c1b2a90',
  '<seconds>': 60,
  '<milliseconds>': 12,
  '<progress>': null,
  '<version>': '2.0.0',
  '<number>': '7',
  '<packages>': '/srv/crat/packages',
  '<package server>': 'http://packages.example.com',
  '<test server>': 'http://test-server.example.com:59997',
  '<test server 2>': 'http://rack-1.example.com:59997',
  '<reports>': 'http://reports.example.com',
  '<signature>': '5f0c…',
}

export function withSamples(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    if (value in SAMPLES) return SAMPLES[value] ?? null
    return value.replace(/<[a-z 0-9]+>/g, name => `${SAMPLES[name] ?? name}`)
  }
  return mapJson(value, withSamples)
}

function mapJson(value: JsonValue, map: (part: JsonValue) => JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(map)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, map(part)]))
}

/** Of a list the first, and `…` for what lies deep. */
export function shortened(value: JsonValue, depth = 0): JsonValue {
  if (Array.isArray(value) && isList(value)) {
    const [first = null] = value
    return value.length > 1 ? [shortened(first, depth + 1), '…'] : [shortened(first, depth + 1)]
  }
  if (depth >= DEEP && JSON.stringify(value).length > LONGEST_DEEP) return '…'
  return mapJson(value, part => shortened(part, depth + 1))
}

const isList = (value: JsonValue[]) => value.length > 0 && typeof value[0] === 'object'

/** As JSON, each part on a line of its own where it would not fit on one. */
export function printed(value: JsonValue, indent = ''): string {
  const flat = inOneLine(value)
  if (value === null || typeof value !== 'object' || indent.length + flat.length <= WIDTH) return flat
  const deeper = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map(part => deeper + printed(part, deeper))
    : Object.entries(value).map(([key, part]) => `${deeper}${JSON.stringify(key)}: ${printed(part, deeper)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

export function inOneLine(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const parts = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${inOneLine(part)}`)
  return parts.length ? `{ ${parts.join(', ')} }` : '{}'
}
