import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import { isDatabaseUnavailable, type Queryable } from '../database/client.ts'
import { refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { ApiTokenModel as ApiToken } from '../generated/prisma/models.ts'
import { notFound } from '../lib/errors.ts'
import { filledLine, moment } from '../lib/fields.ts'
import { hashToken } from '../lib/hash-token.ts'
import { describedAs } from '../lib/input-schemas.ts'
import type { Actor } from '../lib/person.ts'
import { SCOPES } from '../lib/token-scopes.ts'
import { problem } from '../lib/validation.ts'

const PREFIX = 'crat_'

/** JSON Schema knows no clock: a time of the coming years is in the future for certain. */
function futurePattern(): string {
  const decade = Math.floor(new Date().getUTCFullYear() / 10) + 1
  return String.raw`^${decade}\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$`
}

const tokenScopes = describedAs(
  z
    .array(z.enum(SCOPES, problem('one_of', { values: SCOPES.join(', ') })), problem('scopes'))
    .min(1, problem('scopes'))
    .max(SCOPES.length, problem('not_unique'))
    .refine(scopes => new Set(scopes).size === scopes.length, problem('not_unique')),
  { type: 'array', items: { enum: [...SCOPES] }, minItems: 1, maxItems: SCOPES.length, uniqueItems: true },
)

export const newToken = z.object({
  name: filledLine(100),
  scopes: tokenScopes,
  expires_at: describedAs(
    moment('end').refine(time => time > new Date(), problem('future')),
    { type: 'string', format: 'date-time', pattern: futurePattern() },
  ).nullish(),
})

/** The token itself is returned here and never again: only its hash is stored. */
export async function createToken(
  { db }: Store,
  { name, scopes, expires_at: expiresAt }: z.output<typeof newToken>,
  actor: Actor,
): Promise<{ token: string; row: ApiToken }> {
  const token = PREFIX + randomBytes(32).toString('base64url')
  const data = { name, scopes, expiresAt, tokenHash: hashToken(token), createdBy: actor.email }
  const row = await refusingTaken('errors:token_exists', { name }, () =>
    db.$transaction(async tx => {
      const after = { scopes, expires_at: expiresAt?.toISOString() ?? null }
      await recordChange(tx, { actor, action: 'create token', subject: name, after })
      return tx.apiToken.create({ data })
    }),
  )
  return { token, row }
}

export function listTokens(db: Queryable): Promise<ApiToken[]> {
  return db.apiToken.findMany({ orderBy: { name: 'asc' } })
}

export async function deleteToken({ db }: Store, id: number, actor: Actor): Promise<ApiToken> {
  return db.$transaction(async tx => {
    const row = await tx.apiToken.findUnique({ where: { id } })
    if (!row) throw notFound('errors:token_not_found', { id })
    await tx.apiToken.delete({ where: { id } })
    const before = { scopes: row.scopes }
    await recordChange(tx, { actor, action: 'delete token', subject: row.name, before })
    return row
  })
}

export function looksLikeToken(text: string): boolean {
  return text.startsWith(PREFIX)
}

export type FindToken = (token: string) => Promise<ApiToken | null>

/**
 * Finds valid tokens. Asks the database each time, so that a deleted token is invalid at once in every process. While
 * the database is unavailable, a token that was valid before may still announce builds: those wait in the spool.
 */
export function createTokenFinder(db: Queryable): FindToken {
  const webhookTokens = new Map<string, ApiToken>()
  return async token => {
    const tokenHash = hashToken(token)
    try {
      const found = await findValidToken(db, tokenHash)
      if (found?.scopes.includes('webhook')) webhookTokens.set(tokenHash, found)
      else webhookTokens.delete(tokenHash)
      return found
    } catch (error) {
      const known = webhookTokens.get(tokenHash)
      if (known && isDatabaseUnavailable(error)) return { ...known, scopes: ['webhook'] }
      throw error
    }
  }
}

async function findValidToken(db: Queryable, tokenHash: string): Promise<ApiToken | null> {
  const token = await db.apiToken.findUnique({ where: { tokenHash } })
  if (!token || (token.expiresAt && token.expiresAt <= new Date())) return null
  await noteUse(db, token)
  return token
}

async function noteUse(db: Queryable, { id, lastUsedAt }: ApiToken): Promise<void> {
  const minuteAgo = new Date(Date.now() - 60_000)
  if (lastUsedAt && lastUsedAt > minuteAgo) return
  await db.apiToken.updateMany({
    where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: minuteAgo } }] },
    data: { lastUsedAt: new Date() },
  })
}
