import { stdSerializers } from 'pino'
import type { Log } from '../lib/log.ts'
import type { Sealer } from '../lib/sealer.ts'
import { MASK, maskUserInfo } from '../lib/secrets.ts'
import type { TestResult } from '../lib/test-result.ts'
import type { Failure, MemberChange, RunEvent } from '../runs/run-event.ts'

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

/** What people read is redacted; ids, states and paths stay, however short a secret is and wherever it occurs. */
export function redactEvent(event: RunEvent, redact: Redact): RunEvent {
  return {
    ...event,
    ...('error' in event && { error: redactFailure(event.error, redact) }),
    ...('answer' in event && { answer: redact(event.answer) }),
    ...('details' in event && { details: redact(event.details) }),
    ...('reportUrl' in event && { reportUrl: redact(event.reportUrl) }),
    ...('tests' in event && event.tests && { tests: event.tests.map(test => redactTest(test, redact)) }),
    ...('load' in event && event.load && { load: { ...event.load, breaches: redact(event.load.breaches) } }),
    ...('url' in event && { url: maskUserInfo(event.url) }),
    ...(event.members && { members: event.members.map(member => redactMember(member, redact)) }),
  } as RunEvent
}

function redactFailure({ key, params, message }: Failure, redact: Redact): Failure {
  return { key, params: redact(params), message: redact(message) }
}

function redactTest(test: TestResult, redact: Redact): TestResult {
  const { name, suite, message, trace, url } = test
  return { ...test, ...redact({ name, suite, message, trace, ...(url && { url }) }) }
}

function redactMember(member: MemberChange, redact: Redact): MemberChange {
  const { error, reportUrl } = member
  return {
    ...member,
    ...(error && { error: redactFailure(error, redact) }),
    ...(reportUrl && { reportUrl: redact(reportUrl) }),
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
