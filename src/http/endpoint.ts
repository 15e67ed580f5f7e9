import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { SessionModel as Session } from '../generated/prisma/models.ts'
import type { Person } from '../runs/runs.ts'
import { requireAdmin, requireUser, requireWebhookSecret, sessionOf } from './auth.ts'
import { parseBody, parseInput } from './input.ts'

export type Who = 'public' | 'user' | 'admin' | 'webhook'

/** One row of the JSON API: who may call it, what goes in, what comes out, what it does. */
export interface Endpoint {
  who: Who
  /** One line for the API's description. */
  summary: string
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Status → shape of the answer; the first is the usual one. */
  answers: Record<number, z.ZodType>
  handler(ctx: Context): RequestHandler
}

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  who: Who
  summary: string
  params?: P
  query?: Q
  body?: B
  answers: Record<number, z.ZodType>
  handle(ctx: Context, call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<unknown>
}

export interface Call<P, Q, B> {
  params: P
  query: Q
  body: B
  /** The body before it was checked. */
  rawBody: unknown
  req: Request
  res: Response
  /** Whose session it is; only where `who` is user or admin. */
  session: Session
  person: Person
}

const GUARDS: Record<Who, (ctx: Context, req: Request, res: Response) => void> = {
  public: () => {},
  user: (_ctx, _req, res) => requireUser(res),
  admin: (_ctx, _req, res) => requireAdmin(res),
  webhook: requireWebhookSecret,
}

/** `handle` returns the answer's body; another status than 200 is set on `res`. */
export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: Definition<P, Q, B>,
): Endpoint {
  const { who, params, query, body, handle } = definition
  return {
    ...definition,
    handler: ctx => async (req, res) => {
      GUARDS[who](ctx, req, res)
      const rawBody = body ? parseBody(req) : undefined
      const answer = await handle(ctx, {
        params: parseInput(params, req.params),
        query: parseInput(query, req.query),
        body: parseInput(body, rawBody),
        rawBody,
        req,
        res,
        // Guarded above: a handler of a public endpoint does not look at them.
        session: res.locals.session as Session,
        person: personOf(res),
      })
      res.json(answer)
    },
  }
}

export function personOf(res: Response): Person {
  const session = sessionOf(res)
  return {
    email: session?.email ?? '',
    isAdmin: session?.isAdmin ?? false,
    locale: res.locals.locale ?? 'en',
  }
}
