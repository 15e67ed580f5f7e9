import { createHash } from 'node:crypto'
import { AppError } from './errors.ts'
import { detail } from './validation.ts'

export type Fields = Record<string, unknown>

const DIGITS = 6

/** One state of a record: a short hash of each field, so that it tells which have changed since. */
export function revisionOf(fields: Fields): string {
  return Object.values(fields).map(digest).join('')
}

function digest(value: unknown): string {
  const isText = value === null || typeof value !== 'object'
  // Browsers send other ends of lines than programs.
  const text = isText ? String(value ?? '').replaceAll('\r\n', '\n') : JSON.stringify(value)
  return createHash('sha256').update(text).digest('base64url').slice(0, DIGITS)
}

/** Names the fields that have changed since `revision`. */
export function changedSince(fields: Fields, revision: string): string[] {
  return Object.keys(fields).filter(name => !holds(fields, revision, name, fields[name]))
}

/** Reports whether the field had this value at `revision`. */
export function holds(fields: Fields, revision: string, name: string, value: unknown): boolean {
  const start = Object.keys(fields).indexOf(name) * DIGITS
  return revision.slice(start, start + DIGITS) === digest(value)
}

/** `expected`: as of when its author read the record; null: they do not mind. */
export function refuseChanged(fields: Fields, expected: string | null): void {
  if (expected === null || expected === revisionOf(fields)) return
  const names = changedSince(fields, expected)
  throw changedMeanwhile(names.length ? names : Object.keys(fields))
}

export function changedMeanwhile(names: string[]): AppError {
  const details = names.map(name => detail(name, 'changed_meanwhile'))
  return new AppError('errors:changed_meanwhile', {}, { status: 409, details })
}
