import * as z from 'zod'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { forbidden } from '../lib/errors.ts'
import { line } from '../lib/fields.ts'
import { describedAs } from '../lib/input-schemas.ts'
import type { Person } from '../lib/person.ts'
import { problem } from '../lib/validation.ts'

const MAX_TRIGGERERS = 200
const NAMED = /^(group|token):\s*\S/i
const EMAIL = /^[^\s@]+@[^\s@]+$/
const DOMAIN = /^(@[^\s@:/]+|[^\s@:/]+\.[^\s@:/]+)$/

const NAME = String.raw`[^\s@:/\u0000-\u001f\u007f-\u009f\ufeff]{1,99}`
const described = describedAs(line(300), {
  ...{ type: 'string', maxLength: 300 },
  pattern: `^ *(?:(?:${NAME})?@${NAME}|${NAME}[.]${NAME}|(?:group|token):${NAME}) *$`,
})

/** Addresses, domains (`@example.com`), groups of the identity provider (`group:…`) and tokens (`token:…`). */
export const triggerers = z
  .array(described, problem('triggerer'))
  .max(MAX_TRIGGERERS, problem('too_many_entries', { max: MAX_TRIGGERERS }))
  .refine(list => list.every(isTriggerer), problem('triggerer'))
  .transform(list => [...new Set(list.map(normalise))])

function isTriggerer(text: string): boolean {
  return [NAMED, EMAIL, DOMAIN].some(form => form.test(text))
}

// Names of groups and tokens keep their case.
function normalise(text: string): string {
  const [kind] = /^(group|token):/i.exec(text) ?? []
  if (kind) return kind.toLowerCase() + text.slice(kind.length).trim()
  return (text.includes('@') ? text : `@${text}`).toLowerCase()
}

type Rights = Pick<TestItem, 'allowedTriggerers'>
type Who = Pick<Person, 'email' | 'isAdmin' | 'groups'>

export function mayTrigger({ allowedTriggerers: allowed }: Rights, person: Who): boolean {
  if (person.isAdmin || !allowed.length) return true
  return namesOf(person).some(name => allowed.includes(name))
}

function namesOf({ email, groups }: Who): string[] {
  if (email.startsWith('token:')) return [email]
  return [email, email.slice(email.lastIndexOf('@')), ...groups.map(group => `group:${group}`)]
}

export function refuseTriggering(item: Rights & Pick<TestItem, 'name'>, person: Who): void {
  if (mayTrigger(item, person)) return
  throw forbidden('errors:not_your_item', { item: item.name, allowed: item.allowedTriggerers.join(', ') })
}
