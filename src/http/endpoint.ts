import type { Request, RequestHandler, Response } from 'express'
import type * as z from 'zod'
import type { Context } from '../context.ts'
import type { Person } from '../lib/person.ts'
import { personOf, type Who } from './access.ts'
import { parseBody, parseInput } from './input.ts'

export type ApiRoute = readonly ['GET' | 'POST' | 'PUT' | 'DELETE', path: string, Who, Endpoint]

export interface Endpoint {
  summary: string
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** The type of a file that `handle` reads from the request. */
  file?: string
  answers: Record<number, z.ZodType>
  otherTypes?: readonly string[]
  handler(ctx: Context): RequestHandler
}

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  summary: string
  params?: P
  query?: Q
  body?: B
  file?: string
  answers: Record<number, z.ZodType>
  otherTypes?: readonly string[]
  handle(ctx: Context, call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<unknown>
}

export interface Call<P, Q, B> {
  params: P
  query: Q
  body: B
  rawBody: unknown
  req: Request
  res: Response
  person: Person
}

/** `handle` returns the response body; to answer another status than 200, set it on `res`. */
export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  definition: Definition<P, Q, B>,
): Endpoint {
  const { params, query, body, handle } = definition
  return {
    ...definition,
    handler: ctx => async (req, res) => {
      const rawBody = body ? parseBody(req) : undefined
      const answer = await handle(ctx, {
        params: parseInput(params, req.params),
        query: parseInput(query, req.query),
        body: parseInput(body, rawBody),
        rawBody,
        req,
        res,
        person: personOf(res),
      })
      if (!res.headersSent) res.json(answer)
    },
  }
}
