import type { Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { AppError, notFound } from '../lib/errors.ts'
import { type Locale, translate } from '../lib/i18n.ts'
import type { Person } from '../lib/person.ts'
import { sentenceOf } from '../lib/validation.ts'
import { personOf, type Who } from './access.ts'
import { flash } from './flash.ts'
import { idParam } from './input.ts'

/** A row of the table of pages. */
export type PageRoute = readonly ['GET' | 'POST', path: string, Who, Page]

/** A page, or what a form of a page does. */
export type Page = (ctx: Context) => RequestHandler

export interface PageRequest {
  req: Request
  res: Response
  person: Person
}

export function page(handle: (ctx: Context, request: PageRequest) => Promise<void>): Page {
  return ctx => (req, res) => handle(ctx, { req, res, person: personOf(res) })
}

/** The path's `:id`; what is no id names nothing. */
export function idOf(req: Request): number {
  const parsed = idParam.safeParse(req.params.id)
  if (!parsed.success) throw notFound('errors:no_such_page', { url: req.originalUrl })
  return parsed.data
}

const fields = z.record(z.string(), z.unknown())

/** What was typed into a form, or stands in the address: one text per name. */
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

/** A form as it is shown: what stands in its fields, what is wrong with them, what is wrong with the whole. */
export interface Form {
  values: Record<string, unknown>
  errors: Record<string, string>
  message: string | null
}

export const formOf = (values: Record<string, unknown>): Form => ({ values, errors: {}, message: null })

/**
 * Does what a form asks for and goes where `submit` says. Input that is refused comes back with what was typed
 * and the error beside its field. `taken` names the field that a conflict is about.
 */
export async function submitForm(
  { req, res, person }: PageRequest,
  submit: () => Promise<string>,
  showAgain: (form: Form, status: number) => Promise<void>,
  taken?: string,
): Promise<void> {
  try {
    const next = await submit()
    res.redirect(303, next)
  } catch (error) {
    if (!(error instanceof AppError) || ![400, 401, 403, 409, 502].includes(error.status)) throw error
    const errors = errorsBesideFields(error, person.locale, taken)
    const message = Object.keys(errors).length ? 'pages:form.problems' : error.key
    const values = fieldsOf(req.body)
    await showAgain(
      { values, errors, message: translate(person.locale, message, error.paramsIn(person.locale)) },
      error.status,
    )
  }
}

function errorsBesideFields(error: AppError, locale: Locale, taken?: string): Record<string, string> {
  if (error.status === 409) return taken ? { [taken]: error.inLocale(locale) } : {}
  return Object.fromEntries(error.details.map(wrong => [wrong.path, sentenceOf(locale, wrong)]))
}

/** Does what a button asks for and goes where `act` says; where that is not possible now, says so on the page `back`. */
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

/** A place on this server that someone may be sent to; anything else is the home page. */
export function localUrl(url: string | undefined): string {
  return url && /^\/(?![/\\])/.test(url) && !/\p{Cc}/u.test(url) ? url : '/tests'
}
