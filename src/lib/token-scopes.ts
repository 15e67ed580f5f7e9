/**
 * What a program may do with its token. `read`: every GET of users. `trigger`: that, and trigger, cancel its own,
 * retry. `webhook`: announce builds and nothing else. `admin`: everything but tokens.
 */
export const SCOPES = ['read', 'trigger', 'webhook', 'admin'] as const

export type Scope = (typeof SCOPES)[number]

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}
