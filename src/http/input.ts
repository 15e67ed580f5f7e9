import type { Request } from 'express'
import { z } from 'zod'
import { AppError, type ErrorDetail, invalid } from '../lib/errors.ts'

/** The value as the schema makes it, or a 400 that names every field that is wrong. */
export function parseInput(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw value === undefined ? invalid('errors:empty_body') : inputError(parsed.error)
}

export function inputError(error: z.ZodError): AppError {
  const details = detailsOf(error)
  const [first] = details
  const more = details.length - 1
  const params = { path: first?.path ?? '', problem: first?.message ?? '', count: more }
  const key = !first?.path
    ? 'errors:invalid_input_whole'
    : more
      ? 'errors:invalid_input_several'
      : 'errors:invalid_input'
  return invalid(key, params, details)
}

export function detailsOf(error: z.ZodError): ErrorDetail[] {
  return error.issues.map(issue => ({
    path: [
      ...issue.path,
      ...('keys' in issue && Array.isArray(issue.keys) ? issue.keys.slice(0, 1) : []),
    ].join('.'),
    message:
      issue.message.startsWith('Invalid input: expected') && issue.input === undefined
        ? missing(issue)
        : issue.message,
  }))
}

function missing(issue: z.core.$ZodIssue): string {
  return issue.message.endsWith('received undefined') ? 'is missing' : issue.message
}

const JSON_TYPES =
  /^(application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded|text\/plain|application\/octet-stream)\b/i

/**
 * The JSON of a body, undefined where there is none. `curl -d` says that it sends a form, and clients of CRAT 1.x may leave the type out: what
 * counts is that it is JSON.
 */
export function parseBody(req: Request): unknown {
  const type = req.headers['content-type']
  if (type && !JSON_TYPES.test(type)) throw new AppError('errors:not_json_type', { type }, { status: 415 })
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
  const text = decode(bytes)
  if (!text.trim()) return undefined
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

/** Line, column and the characters around the place where a JSON text stops making sense. */
function whereItBreaks(text: string, problem: string) {
  const said = /position (\d+)/.exec(problem)?.[1]
  const at = said === undefined ? text.length : Number(said)
  const before = text.slice(0, at)
  return {
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
    near: text.slice(Math.max(0, at - 15), at + 15).replace(/\s+/g, ' '),
  }
}

/** A path's id. */
export const idParam = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .positive()
  .max(2_147_483_647)
export const idParams = z.object({ id: idParam })

/** A job's name in a path, its slashes as they are or as %2F. */
export const jobParams = z.object({ job_name: z.array(z.string()).transform(parts => parts.join('/')) })

const whole = (min: number, max: number, initial: number) => {
  const says = `must be a whole number from ${min} to ${max}`
  return z.coerce.number(says).int(says).min(min, says).max(max, says).default(initial)
}

export const pageQuery = z.object({
  limit: whole(1, 100, 20),
  offset: whole(0, 2_147_483_647, 0),
})
