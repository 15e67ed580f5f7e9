import type { Request } from 'express'
import { z } from 'zod'
import { AppError, invalid } from '../lib/errors.ts'
import { hasControlCharacter } from '../lib/text.ts'
import { detailsOf, type ErrorDetail, problem } from '../lib/validation.ts'

/** The value as the schema makes it, or a 400 that names every field that is wrong. */
export function parseInput<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S>
export function parseInput(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw value === undefined ? invalid('errors:empty_body') : inputError(detailsOf(parsed.error, value))
}

/** A 400 about these fields. */
export function inputError(details: ErrorDetail[]): AppError {
  const path = details[0]?.path
  if (!path) return invalid('errors:invalid_body', {}, details)
  return invalid('errors:invalid_input', { path, count: details.length - 1 }, details)
}

const JSON_TYPES =
  /^(application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded|text\/plain|application\/octet-stream)\b/i

/**
 * The JSON of a body, undefined where there is none. `curl -d` says that it sends a form, and clients of CRAT 1.x may
 * leave the type out: what counts is that it is JSON.
 */
export function parseBody(req: Request): unknown {
  const type = req.headers['content-type']
  if (type && !JSON_TYPES.test(type)) throw new AppError('errors:not_json_type', { type }, { status: 415 })
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
  const text = decode(bytes)
  if (!text.trim()) return undefined
  const value = parseJson(text)
  if (isDeeperThan(MAX_DEPTH, value)) throw invalid('errors:too_deep', { max: MAX_DEPTH })
  return value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('errors:broken_json', whereItBreaks(text, (error as Error).message))
  }
}

/** What is nested deeper fills the stack of whoever walks through it, PostgreSQL's too. */
const MAX_DEPTH = 100

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(part => isDeeperThan(levels - 1, part))
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid('errors:not_utf8')
  }
}

/** Line, column and the characters around the place where a JSON text stops making sense. */
export function whereItBreaks(text: string, complaint: string) {
  const said = /position (\d+)/.exec(complaint)?.[1]
  const at = said === undefined ? unexpectedAt(text) : Number(said)
  const before = text.slice(0, at)
  return {
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
    near: text.slice(Math.max(0, at - 15), at + 15).replace(/\s+/g, ' '),
  }
}

/** Where the first character is that the parser does not expect, which its message does not tell; the end where all are. */
function unexpectedAt(text: string): number {
  let [good, bad] = [0, text.length + 1]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (hasUnexpected(text.slice(0, middle))) bad = middle
    else good = middle
  }
  return good
}

function hasUnexpected(start: string): boolean {
  try {
    JSON.parse(start)
    return false
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token')
  }
}

/** Decimal digits, as they stand in a URL. */
const whole = (min: number, max: number) => {
  const wrong = problem('whole_number', { min, max })
  return z.preprocess(
    text => (typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : text),
    z.number(wrong).int(wrong).min(min, wrong).max(max, wrong),
  )
}

/** A path's id. */
export const idParam = whole(1, 2_147_483_647)
export const idParams = z.object({ id: idParam })

/** A job's name in a path, its slashes as they are or as %2F. */
export const jobParams = z.object({
  job_name: z
    .array(z.string())
    .transform(parts => parts.join('/'))
    .refine(name => !hasControlCharacter(name), problem('control_characters')),
})

export const pageQuery = z.object({
  limit: whole(1, 100).default(20),
  offset: whole(0, 2_147_483_647).default(0),
})

/** What a list may be narrowed down to; left empty, as in `?status=`, it narrows nothing. */
export function filter<T extends z.ZodType>(schema: T) {
  return z.preprocess(text => (text === '' ? undefined : text), schema.optional())
}
