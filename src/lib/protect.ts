import { invalid } from './errors.ts'
import type { Sealer } from './sealer.ts'
import { hides, isSealed, MASK, SEALED, withoutUserInfo } from './secrets.ts'
import { detail } from './validation.ts'

const USER_INFO = /:\/\/([^\s/?#]*)@([^\s/?#]*)/g

interface Place {
  path: string
  /** The value that the input replaces. */
  stored: unknown
  isSecret: boolean
}

/** Seals the secrets of an input. A mask keeps what is stored at its place; throws 400 where that is nothing. */
export function protect<T extends object>(
  sealer: Sealer,
  input: T,
  options: { stored?: unknown; secretNames?: string[]; path?: string } = {},
): T {
  const { stored, secretNames = [], path = '' } = options
  const parts = Object.entries(input).map(([name, value]) => {
    const isSecret = hides(name, value) || (secretNames.includes(name) && hides('secret', value))
    const place = { path: path ? `${path}.${name}` : name, stored: childOf(stored, name), isSecret }
    return [name, protectValue(sealer, value, place)]
  })
  return Object.fromEntries(parts) as T
}

function protectValue(sealer: Sealer, value: unknown, { path, stored, isSecret }: Place): unknown {
  if (value === stored && (isSealed(stored) || value === MASK)) return stored
  if (value === MASK) return isSealed(stored) ? stored : refuseMask(path)
  if (isSecret || holdsToken(value)) return resealed(sealer, value, stored)
  if (typeof value === 'string') return protectText(sealer, value, stored, path)
  if (Array.isArray(value))
    return value.map((part, index) =>
      protectValue(sealer, part, {
        path: `${path}.${index}`,
        stored: childOf(stored, `${index}`),
        isSecret: false,
      }),
    )
  if (value === null || typeof value !== 'object') return value
  return protect(sealer, value, { stored, path })
}

/**
 * Seals what was stored as plain text, and anew what was sealed with a previous secret. What was sealed with one that
 * is gone stays as it is: it is typed again.
 */
export function reseal<T extends object>(sealer: Sealer, stored: T, secretNames: string[] = []): T {
  if (!sealer.canOpen(stored)) return stored
  const opened = sealer.isCurrent(stored) ? stored : sealer.open(stored)
  return protect(sealer, opened, { stored: opened, secretNames })
}

/** Text that looks sealed but is not what is stored there was typed. */
const holdsToken = (value: unknown) => typeof value === 'string' && withoutUserInfo(value).search(SEALED) >= 0

/** An unchanged secret stays as it is stored, so that it is no change. */
function resealed(sealer: Sealer, value: unknown, stored: unknown): string {
  return isSealed(stored) && sealer.holds(stored, value) ? stored : sealer.seal(value)
}

/** A stored user and password stay with their server: another one would be sent them. */
function protectText(sealer: Sealer, text: string, stored: unknown, path: string): string {
  return text.replace(USER_INFO, (_all, user: string, host: string) => {
    const kept = typeof stored === 'string' ? storedUser(stored, host) : null
    if (user === MASK) return `://${kept ?? refuseMask(path)}@${host}`
    const isSame = isSealed(kept) && (kept === user || sealer.holds(kept, user))
    return `://${isSame ? kept : sealer.seal(user)}@${host}`
  })
}

function storedUser(stored: string, host: string): string | null {
  const found = [...stored.matchAll(USER_INFO)].find(match => match[2] === host)
  return found?.[1] ?? null
}

function refuseMask(path: string): never {
  const wrong = detail(path, 'masked')
  throw invalid('errors:invalid_input', { path, count: 0 }, [wrong])
}

function childOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
