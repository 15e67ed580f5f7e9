import type { Request } from 'express'
import * as z from 'zod'
import { AppError, invalid } from '../lib/errors.ts'
import { optionalText } from '../lib/input-schemas.ts'
import { isTooDeep, MAX_DEPTH } from '../lib/nesting.ts'
import { hasControlCharacter } from '../lib/text.ts'
import { detailsOf, type ErrorDetail, problem } from '../lib/validation.ts'

export function parseInput<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S>
export function parseInput(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw value === undefined ? invalid('errors:empty_body') : inputError(detailsOf(parsed.error, value))
}

export function inputError(details: ErrorDetail[]): AppError {
  const path = details[0]?.path
  if (!path) return invalid('errors:invalid_body', {}, details)
  return invalid('errors:invalid_input', { path, count: details.length - 1 }, details)
}

const JSON_TYPES =
  /^(application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded|text\/plain|application\/octet-stream)\b/i

/**
 * Parses a JSON body; undefined if it is empty. Lenient about the content type, because `curl -d` sends a form's and
 * clients of CRAT 1.x may send none.
 */
export function parseBody(req: Request): unknown {
  const type = req.headers['content-type']
  if (type && !JSON_TYPES.test(type)) throw new AppError('errors:not_json_type', { type }, { status: 415 })
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
  const text = decode(bytes)
  if (!text.trim()) return undefined
  const value = parseJson(text)
  refuseDeep(value)
  return value
}

export function refuseDeep(value: unknown): void {
  if (isTooDeep(value)) throw invalid('errors:too_deep', { max: MAX_DEPTH })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('errors:broken_json', whereItBreaks(text, (error as Error).message))
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid('errors:not_utf8')
  }
}

export function whereItBreaks(text: string, message: string) {
  const position = /position (\d+)/.exec(message)?.[1]
  const at = position === undefined ? unexpectedAt(text) : Number(position)
  const before = text.slice(0, at)
  return {
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
    near: text.slice(Math.max(0, at - 15), at + 15).replace(/\s+/g, ' '),
  }
}

// Some messages of JSON.parse lack the position: bisect for the longest valid prefix.
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

export const whole = (min: number, max: number) => {
  const wrong = problem('whole_number', { min, max })
  return z.preprocess(
    text => (typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : text),
    z.number(wrong).int(wrong).min(min, wrong).max(max, wrong),
  )
}

export const idParam = whole(1, 2_147_483_647)
export const idParams = z.object({ id: idParam })

export const jobParams = z.object({
  job_name: z
    .array(z.string())
    .transform(parts => parts.join('/'))
    .refine(name => !hasControlCharacter(name), problem('control_characters')),
})

const limit = whole(1, 100)
export const pageQuery = z.object({
  limit: limit.default(20),
  offset: whole(0, 2_147_483_647).default(0),
})
export const optionalPageQuery = pageQuery.extend({ limit: limit.optional() })

export function filter<T extends z.ZodType>(schema: T) {
  const read = z.preprocess(text => (text === '' ? undefined : text), schema.optional())
  optionalText.add(read, { mayBeEmpty: true })
  return read
}
