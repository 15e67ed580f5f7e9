import { type Locale, type Params, translate } from './i18n.ts'
import { maskUserInfo } from './secrets.ts'
import { clauseOf, type ErrorDetail } from './validation.ts'

/**
 * An error with a message for the user. `key` (`namespace:code`) and params allow translating it later, also from
 * the database; `message` is the English text.
 */
export class AppError extends Error {
  readonly key: string
  readonly params: Params
  readonly status: number
  readonly details: ErrorDetail[]
  /** In seconds, for the header Retry-After. */
  readonly retryAfter: number | null

  constructor(
    key: string,
    params: Params = {},
    options: { status?: number; details?: ErrorDetail[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    const shown = withoutPasswords(params)
    super(translate('en', key, filledIn('en', shown, options.details)), { cause: options.cause })
    this.name = new.target.name
    this.key = key
    this.params = shown
    this.status = options.status ?? 500
    this.details = options.details ?? []
    this.retryAfter = options.retryAfter ?? null
  }

  get code(): string {
    return this.key.slice(this.key.indexOf(':') + 1)
  }

  inLocale(locale: Locale): string {
    return translate(locale, this.key, this.paramsIn(locale))
  }

  paramsIn(locale: Locale): Params {
    return filledIn(locale, this.params, this.details)
  }
}

/** Addresses in messages may hold a user and a password. */
function withoutPasswords(params: Params): Params {
  const entries = Object.entries(params)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? maskUserInfo(value) : value]),
  )
}

function filledIn(locale: Locale, params: Params, [first]: ErrorDetail[] = []): Params {
  return first ? { ...params, problem: clauseOf(locale, first) } : params
}

export const invalid = (key: string, params?: Params, details?: ErrorDetail[]) =>
  new AppError(key, params, { status: 400, details })
export const notFound = (key: string, params?: Params) => new AppError(key, params, { status: 404 })
export const forbidden = (key: string, params?: Params) => new AppError(key, params, { status: 403 })
export const conflict = (key: string, params?: Params) => new AppError(key, params, { status: 409 })

export class ExternalError extends AppError {
  readonly permanent: boolean

  constructor(key: string, params: Params, options: { permanent: boolean; cause?: unknown }) {
    super(key, params, { status: 502, cause: options.cause })
    this.permanent = options.permanent
  }
}
