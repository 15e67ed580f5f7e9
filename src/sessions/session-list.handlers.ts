import * as z from 'zod'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParams, pageQuery } from '../http/input.ts'
import { message, page, presentPage, time } from '../http/shapes.ts'
import { line } from '../lib/fields.ts'
import { describedAs, LINE } from '../lib/input-schemas.ts'
import { sessionOf } from './authenticate.middleware.ts'
import { endSessionAs, listSessionPage } from './sessions.ts'

const sessionShape = z
  .object({
    id: z.int(),
    email: z.string(),
    is_admin: z.boolean(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: time,
    last_seen_at: time,
    expires_at: time,
    current: z.boolean().describe('The session of this request'),
  })
  .meta({ id: 'Session' })

function presentSession(session: Session, own: Session | null) {
  const { id, email, isAdmin, ip, userAgent, createdAt, lastSeenAt, expiresAt } = session
  return {
    ...{ id, email, is_admin: isAdmin, ip, user_agent: userAgent },
    ...{ created_at: createdAt, last_seen_at: lastSeenAt, expires_at: expiresAt, current: id === own?.id },
  }
}

const address = describedAs(line(254).toLowerCase(), { type: 'string', maxLength: 254, pattern: LINE })

export const list = endpoint({
  summary: 'List your own sessions; admins: those of everyone',
  query: pageQuery.extend({ email: filter(address) }),
  answers: { 200: page(sessionShape) },
  async handle(ctx, { query, person, res }) {
    const own = sessionOf(res)
    const found = await listSessionPage(ctx.db, query, person, own)
    return presentPage(found, session => presentSession(session, own))
  },
})

export const end = endpoint({
  summary: 'End a session at once: its owner, or an admin',
  params: idParams,
  answers: { 200: message },
  async handle(ctx, { params, person, res }) {
    await endSessionAs(ctx, params.id, person, sessionOf(res))
    return { message: 'Session ended' }
  },
})
