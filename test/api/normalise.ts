import type { WorkingWorld } from '../world/index.ts'

/** A value without what differs from one recording to the next. */
export type Normalise = (value: unknown) => unknown

/** Fields that tell of this moment or of this machine. */
const VOLATILE = new Map([
  ['progress', '<progress>'],
  ['eta_seconds', '<seconds>'],
  ['took_ms', '<milliseconds>'],
  ['expires_at', '<time>'],
  ['retry-after', '<seconds>'],
  ['node_version', '<version>'],
  ['app_version', '<version>'],
  ['commit_hash', '<version>'],
])

const ISO_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g
/** As test servers write it, in their own zone. */
const SERVER_TIME = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g

/** Everything that is not recorded byte for byte: times, tokens, hosts, folders, names made up by chance. */
export function createNormalise(world: WorkingWorld, hosts: Record<string, string>): Normalise {
  const began = Date.now()
  // The times in the reports are always the same, and recorded as they are. The database was made for all tests.
  const isOfNow = (ms: number) => ms > began - 3_600_000 && ms < began + 600_000
  const time = (text: string) => (isOfNow(Date.parse(text)) ? '<time>' : text)
  const places = { ...hosts, [world.dataDir]: '<data>' }

  function normaliseText(text: string): string {
    return (
      Object.entries(places)
        .reduce((left, [place, name]) => left.replaceAll(place, name), text)
        .replace(ISO_TIME, time)
        .replace(SERVER_TIME, time)
        .replace(/<data>\/packages\/[0-9a-f]+\//g, '<packages>/')
        .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')
        .replace(/\bcrat_[\w-]{40,}/g, '<token>')
        .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
        .replace(/(<reports>\/[\w-]+_)\d+\//g, '$1<number>/')
        .replace(/sha256=[0-9a-f]{64}/g, '<signature>')
        .replace(/signature=[\w-]{43}/g, 'signature=<signature>')
        // New settings may come.
        .replace(/(There is no setting \S+ Known are: )[\w, ]+/, '$1<settings>')
    )
  }

  return function normalise(value: unknown): unknown {
    if (typeof value === 'string') return normaliseText(value)
    if (Array.isArray(value)) return value.map(normalise)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, volatile(key, part) ?? normalise(part)]),
    )
  }
}

/** What stands for a volatile value; null where the value is recorded. */
function volatile(key: string, value: unknown): string | null {
  // That nothing can be estimated is an answer; that there is no progress yet is a matter of when one asks.
  if (value === null && key !== 'progress') return null
  return VOLATILE.get(key) ?? null
}
