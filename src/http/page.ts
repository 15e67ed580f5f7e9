import type { Request, RequestHandler, Response } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { AppError, notFound } from '../lib/errors.ts'
import { type Locale, translate } from '../lib/i18n.ts'
import type { Person } from '../lib/person.ts'
import { sentenceOf } from '../lib/validation.ts'
import { personOf, type Who } from './access.ts'
import { flash } from './flash.ts'
import { idParam } from './input.ts'

export type PageRoute = readonly ['GET' | 'POST', path: string, Who, Page]

export type Page = (ctx: Context) => RequestHandler

export interface PageRequest {
  req: Request
  res: Response
  person: Person
}

export function page(handle: (ctx: Context, request: PageRequest) => Promise<void>): Page {
  return ctx => (req, res) => handle(ctx, { req, res, person: personOf(res) })
}

export function idOf(req: Request): number {
  const parsed = idParam.safeParse(req.params.id)
  if (!parsed.success) throw notFound('errors:no_such_page', { url: req.originalUrl })
  return parsed.data
}

const fields = z.record(z.string(), z.unknown())

export function fieldsOf(source: unknown): Record<string, string | undefined> {
  const parsed = fields.safeParse(source)
  if (!parsed.success) return {}
  return Object.fromEntries(
    Object.entries(parsed.data).filter(([, value]) => typeof value === 'string'),
  ) as Record<string, string>
}

export function offsetOf(value: string | undefined): number {
  const parsed = z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .safeParse(value ?? 0)
  return parsed.success ? parsed.data : 0
}

/** A field that someone else changed while a form was filled in. */
interface ChangedField {
  name: string
  theirs: unknown
  yours: unknown
  /** Both changed it; else the form takes over what they wrote. */
  isConflict: boolean
}

export interface Form {
  values: Record<string, unknown>
  errors: Record<string, string>
  message: string | null
  /** Fields that someone else changed since the form was read. */
  changed: string[]
  changedFields?: ChangedField[]
}

export const formOf = (values: Record<string, unknown>): Form => ({
  ...{ values, errors: {}, message: null, changed: [] },
})

/** `submit` returns where to go on, or null where it has answered itself. */
export async function submitForm(
  { req, res, person }: PageRequest,
  submit: () => Promise<string | null>,
  showAgain: (form: Form, status: number) => Promise<void>,
  taken?: string,
): Promise<void> {
  try {
    const next = await submit()
    if (next) res.redirect(303, next)
  } catch (error) {
    const { form, status } = refusedForm({ req, res, person }, error, taken)
    await showAgain(form, status)
  }
}

const CHANGED = 'errors:changed_meanwhile'

export function refusedForm(
  { req, person }: PageRequest,
  error: unknown,
  taken?: string,
): { form: Form; status: number } {
  if (!(error instanceof AppError) || ![400, 401, 403, 409, 502].includes(error.status)) throw error
  const errors = errorsBesideFields(error, person.locale, taken)
  const message = Object.keys(errors).length ? 'pages:form.problems' : error.key
  const values = fieldsOf(req.body)
  const changed = error.key === CHANGED ? error.details.map(({ path }) => path) : []
  const form = {
    ...{ values, errors, changed },
    message: translate(person.locale, message, error.paramsIn(person.locale)),
  }
  return { form, status: error.status }
}

function errorsBesideFields(error: AppError, locale: Locale, taken?: string): Record<string, string> {
  if (error.key === CHANGED) return {}
  if (error.status === 409) return taken ? { [taken]: error.inLocale(locale) } : {}
  return Object.fromEntries(error.details.map(wrong => [wrong.path, sentenceOf(locale, wrong)]))
}

/** Runs a form action and redirects to the URL it returns, or to `back`. A refusal becomes a flash message. */
export async function formAction(
  res: Response,
  back: string,
  act: () => Promise<string | undefined>,
): Promise<void> {
  try {
    res.redirect(303, (await act()) ?? back)
  } catch (error) {
    if (!(error instanceof AppError) || ![400, 404, 409].includes(error.status)) throw error
    flash(res, 'failed', error.key, error.paramsIn(res.locals.locale ?? 'en'))
    res.redirect(303, back)
  }
}
