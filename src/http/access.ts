import type { Request, Response } from 'express'
import { AppError, forbidden } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import type { Scope } from '../lib/token-scopes.ts'

/** Who may call a route: which people, and what scope the token of a program needs. `read` is for GET alone. */
const ACCESS = {
  public: { people: 'anyone', scopes: ['read', 'trigger', 'webhook', 'admin'] },
  user: { people: 'users', scopes: ['read', 'trigger', 'admin'] },
  trigger: { people: 'users', scopes: ['trigger', 'admin'] },
  upload: { people: 'users', scopes: ['webhook', 'admin'] },
  admin: { people: 'admins', scopes: ['admin'] },
  /** People: with the webhook's secret, or anyone if none is configured. */
  webhook: { people: 'anyone', scopes: ['webhook', 'admin'] },
  /** A token that announces builds may ask how they fared. */
  announcer: { people: 'users', scopes: ['read', 'trigger', 'webhook', 'admin'] },
  user_session: { people: 'users', scopes: [] },
  admin_session: { people: 'admins', scopes: [] },
} as const satisfies Record<string, { people: 'anyone' | 'users' | 'admins'; scopes: readonly Scope[] }>

export type Who = keyof typeof ACCESS

type AnyRoute = readonly [method: string, path: string, who: Who, ...rest: unknown[]]

export function checkAccessDeclared(routes: readonly AnyRoute[]): void {
  for (const [method, path, who] of routes)
    if (!Object.hasOwn(ACCESS, who))
      throw new AppError('errors:route_without_who', { route: `${method} ${path}` })
}

export function peopleOf(who: Who): 'anyone' | 'users' | 'admins' {
  return ACCESS[who].people
}

export function scopesFor(method: string, who: Who): readonly Scope[] {
  if (who === 'user' && method !== 'GET') return ['admin']
  return ACCESS[who].scopes
}

export function personOf(res: Response): Person {
  const { email = '', isAdmin = false, groups = [] } = res.locals.user ?? {}
  return { email, isAdmin, groups, ip: res.req.ip ?? null, locale: res.locals.locale ?? 'en' }
}

export function bearerOf(req: Request): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1]
}

export function tokenScopesOf(res: Response): readonly Scope[] | null {
  return res.locals.tokenScopes ?? null
}

export function requireAccess(res: Response, who: Who, scopes: readonly Scope[]): void {
  const given = tokenScopesOf(res)
  if (given && !scopes.some(scope => given.includes(scope))) throw refusedToken(scopes)
  const people = peopleOf(who)
  if (people === 'users') requireUser(res)
  if (people === 'admins') requireAdmin(res)
}

function refusedToken(scopes: readonly Scope[]): AppError {
  const [needed] = scopes
  return needed ? forbidden('errors:token_scope', { needed }) : forbidden('errors:token_not_here')
}

export function requireUser(res: Response): void {
  if (!res.locals.user) throw new AppError('errors:not_logged_in', {}, { status: 401 })
}

function requireAdmin(res: Response): void {
  requireUser(res)
  if (!personOf(res).isAdmin) throw forbidden('errors:admins_only')
}
