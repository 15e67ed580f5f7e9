import { stdSerializers } from 'pino'
import type { Log } from '../lib/log.ts'
import type { Sealer } from '../lib/sealer.ts'
import { MASK, maskUserInfo } from '../lib/secrets.ts'

/** Masks secrets at any depth of a value. */
export type Redact = <T>(value: T) => T

/** Shorter ones occur in other words. */
const SHORTEST = 4

/** A test server may answer with what it was sent: its answers, errors and log show nothing that is sealed here. */
export function redactorOf(sealer: Sealer, sealed: unknown): Redact {
  const secrets = sealer.secretsIn(sealed).flatMap(textsIn)
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  const redactText = (text: string) =>
    forms.reduce((left, form) => left.replaceAll(form, MASK), maskUserInfo(text))

  return function redact<T>(value: T): T {
    if (typeof value === 'string') return redactText(value) as T
    if (Array.isArray(value)) return value.map(redact) as T
    if (value === null || typeof value !== 'object' || value instanceof Date) return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, redact(part)])) as T
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

/** As it is, in JSON, in a URL; of `user:password` the password, too. */
function formsOf(secret: string): string[] {
  const password = secret.slice(secret.indexOf(':') + 1)
  const forms = [secret, password].flatMap(text => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.toWellFormed()),
  ])
  return forms.filter(form => form.length >= SHORTEST)
}

export function redactedLog(log: Log, redact: Redact): Log {
  return log.child({}, { serializers: { err: error => redact(stdSerializers.err(error)) } })
}
