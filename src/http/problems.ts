import { type Locale, translate } from '../lib/i18n.ts'

// What schemas say about a field, in English, to clients of the API. Pages say it in the reader's language.
const PROBLEMS: [RegExp, string][] = [
  [/^must not be empty$/, 'empty'],
  [/^(is missing|must be given)$/, 'missing'],
  [/^must have at most (?<count>\d+) characters$/, 'too_long'],
  [/^must have at most (?<count>\d+) bytes$/, 'too_many_bytes'],
  [/^must have at most 64 KiB$/, 'too_large'],
  [/^is too long$/, 'long'],
  [/^must not contain control characters$/, 'control'],
  [/^must be (empty or )?an absolute http or https URL/, 'url'],
  [/^must be a number of seconds from (?<from>\S+) to (?<to>\S+)$/, 'seconds'],
  [/^must be a number of hours from (?<from>\S+) to (?<to>\S+)$/, 'hours'],
  [/^must be (your|an) e-mail address/, 'email'],
  [/^must be the id of|^no such parameter set$/, 'unknown_choice'],
  [/^no such job$/, 'unknown_job'],
]

/** A schema's message in the reader's language; as it is where there is no other. */
export function problemIn(locale: Locale, message: string): string {
  for (const [pattern, key] of PROBLEMS) {
    const found = pattern.exec(message)
    if (found) return translate(locale, `pages:problem.${key}`, { ...found.groups })
  }
  return message
}
