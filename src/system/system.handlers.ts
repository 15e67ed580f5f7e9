import { setTimeout as pause } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { endpoint } from '../http/endpoint.ts'
import { AppError } from '../lib/errors.ts'
import { sameSecret } from '../lib/same-secret.ts'

export const version = endpoint({
  summary: 'Get the version of this server',
  answers: {
    200: z.object({
      data: z.object({
        app_name: z.string(),
        app_version: z.string(),
        node_version: z.string(),
        commit_hash: z.string(),
      }),
    }),
  },
  handle: async ctx => ({ data: ctx.version }),
})

export const health: RequestHandler = (_req, res) => void res.json({ status: 'ok', service: 'crat' })

export function ready(ctx: Context): RequestHandler {
  return async (_req, res) => {
    const [database, spooled] = await Promise.all([
      answers(ctx.pool.query('SELECT 1')),
      ctx.spool.waiting().catch(() => null),
    ])
    const unavailable = [...(database ? [] : ['database']), ...(ctx.stopping.aborted ? ['stopping'] : [])]
    const status = unavailable.length ? 'unavailable' : 'ok'
    res
      .status(unavailable.length ? 503 : 200)
      .json({ status, service: 'crat', away: unavailable, spooled_builds: spooled })
  }
}

const TIMEOUT_MS = 3_000

// A query to a frozen database does not fail by itself.
async function answers(query: Promise<unknown>): Promise<boolean> {
  const answered = query.then(
    () => true,
    () => false,
  )
  return Promise.race([answered, pause(TIMEOUT_MS, false, { ref: false })])
}

/** Behind METRICS_TOKEN where it is set. */
export function metrics(ctx: Context): RequestHandler {
  const { metricsToken } = ctx.config
  return async (req, res) => {
    const given = /^Bearer\s+(.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? ''
    if (metricsToken && !sameSecret(given, metricsToken)) {
      throw new AppError('errors:metrics_token', {}, { status: 401 })
    }
    res.type(ctx.metrics.registry.contentType).send(await ctx.metrics.registry.metrics())
  }
}
