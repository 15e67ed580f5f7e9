import { z } from 'zod'
import { AppError, invalid } from '../lib/errors.ts'
import { sameSecret } from '../lib/same-secret.ts'
import { hasControlCharacter } from '../lib/text.ts'
import { detail, problem } from '../lib/validation.ts'
import type { SessionRules } from './session-rules.ts'

// Accepted in place of an e-mail address.
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
})

const address = z.email()

/** Returns whether the credentials are an admin's. Throws if they are not valid. */
export function checkCredentials(
  rules: SessionRules,
  { email, password }: z.output<typeof credentials>,
): boolean {
  if (password) {
    if (!sameSecret(password, rules.adminPassword))
      throw new AppError('errors:wrong_password', {}, { status: 401 })
    return true
  }
  if (email === ADMIN) throw new AppError('errors:admin_needs_password', {}, { status: 401 })
  checkAddress(email)
  checkDomain(rules, email)
  return false
}

function checkAddress(email: string): void {
  if (address.safeParse(email).success) return
  throw invalid('errors:invalid_email', { email }, [detail('email', 'email')])
}

function checkDomain(rules: SessionRules, email: string): void {
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (!rules.allowedEmailDomains.length || rules.allowedEmailDomains.includes(domain)) return
  throw new AppError(
    'errors:domain_not_allowed',
    { domain, allowed: rules.allowedEmailDomains.join(', ') },
    { status: 403 },
  )
}
