import * as z from 'zod'
import { domainOf, isAllowedAddress } from '../lib/allowed-address.ts'
import { AppError, invalid } from '../lib/errors.ts'
import { inputSchemas, LINE } from '../lib/input-schemas.ts'
import { hasControlCharacter } from '../lib/text.ts'
import { detail, problem } from '../lib/validation.ts'
import type { SessionRules } from './session-rules.ts'

export const ADMIN = 'admin'

export const credentials = z.object({
  email: z
    .string(problem('own_email'))
    .trim()
    .toLowerCase()
    .max(254, problem('oversized'))
    .refine(text => !hasControlCharacter(text), problem('control_characters'))
    .nullish()
    .transform(email => email ?? ''),
  password: z.string(problem('text')).max(1000, problem('oversized')).nullish(),
  code: z.string(problem('text')).trim().max(20, problem('oversized')).nullish(),
})

export type Credentials = z.output<typeof credentials>

const address = z.email()

const EMAIL = String.raw`^\s*(?:[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9][A-Za-z0-9-]{0,20}\.){1,3}[A-Za-z]{2,20}|admin)\s*$`
inputSchemas.add(credentials, {
  type: 'object',
  anyOf: [
    {
      required: ['email'],
      properties: {
        email: { type: 'string', maxLength: 254, pattern: EMAIL },
        password: { enum: ['', null] },
      },
    },
    {
      required: ['password'],
      properties: {
        email: { type: ['string', 'null'], maxLength: 254, pattern: LINE },
        password: { type: 'string', minLength: 1, maxLength: 1000 },
        code: { type: ['string', 'null'], maxLength: 20 },
      },
    },
  ],
})

export function checkUserAddress(rules: SessionRules, email: string): void {
  if (email === ADMIN) throw new AppError('errors:admin_needs_password', {}, { status: 401 })
  if (!address.safeParse(email).success)
    throw invalid('errors:invalid_email', { email }, [detail('email', 'email')])
  checkDomain(rules, email)
}

function checkDomain(rules: SessionRules, email: string): void {
  if (isAllowedAddress(rules.allowedEmailDomains, email)) return
  throw new AppError(
    'errors:domain_not_allowed',
    { domain: domainOf(email), allowed: rules.allowedEmailDomains.join(', ') },
    { status: 403 },
  )
}
