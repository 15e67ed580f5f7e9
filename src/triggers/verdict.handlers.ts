import type { Response } from 'express'
import * as z from 'zod'
import { getBuild } from '../builds/builds.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { tokenScopesOf } from '../http/access.ts'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParam, idParams, whole } from '../http/input.ts'
import { refuseTooMany } from '../http/rate-limit.ts'
import { forbidden } from '../lib/errors.ts'
import type { Person } from '../lib/person.ts'
import { OUTCOMES } from '../lib/report-summary.ts'
import { RUN_STATUSES } from '../lib/run-status.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { waitForVerdict } from './wait-for-verdict.ts'

const MOST_HELD = 256
const RETRY_SECONDS = 10

const verdictShape = z.object({
  data: z.object({
    state: z.enum(['none', 'queued', 'running', 'finished']),
    outcome: z.enum(OUTCOMES).nullable().describe('Of several test items the worst, once all have finished'),
    run_id: z.int().nullable(),
    status: z.enum(RUN_STATUSES).nullable().describe('Of that run'),
    url: z.string().nullable(),
  }),
})

const query = z.object({
  test_item_id: filter(idParam),
  run_id: filter(idParam),
  wait: whole(0, 60).default(0).describe('Seconds to hold the answer until the verdict changes'),
})

export const verdict = endpoint({
  summary: 'Get the verdict on a build: of the last run of each test item, or of one. Held until it changes',
  params: idParams,
  query,
  answers: { 200: verdictShape },
  async handle(ctx, { params, query: { test_item_id, run_id, wait }, res, person }) {
    refuseOthersBuild(await getBuild(ctx.db, params.id), person, res)
    if (test_item_id) await getTestItem(ctx.db, test_item_id)
    const of = { buildId: params.id, testItemId: test_item_id, runId: run_id }
    const { runId, ...rest } = await whileHeld(ctx.heldAnswers, res, wait, stop =>
      waitForVerdict(ctx, of, AbortSignal.any([stop, ctx.stopping])),
    )
    const url = runId === null ? null : `${ctx.config.publicUrl}/runs/${runId}`
    return { data: { ...rest, run_id: runId, url } }
  },
})

/** A token that may only announce builds learns of those alone. */
function refuseOthersBuild({ announcedBy }: Build, { email }: Person, res: Response): void {
  const scopes = tokenScopesOf(res)
  if (!scopes || scopes.some(scope => scope !== 'webhook') || announcedBy === email) return
  throw forbidden('errors:not_your_build')
}

/** The signal aborts after the wait, or when the client is gone. */
async function whileHeld<T>(
  held: { count: number },
  res: Response,
  seconds: number,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  if (seconds && held.count >= MOST_HELD) refuseTooMany(res, RETRY_SECONDS, 'errors:too_many_held')
  const stop = new AbortController()
  const end = () => stop.abort()
  const timer = setTimeout(end, seconds * 1000)
  res.once('close', end)
  if (seconds === 0 || res.closed) end()
  held.count += 1
  try {
    return await work(stop.signal)
  } finally {
    held.count -= 1
    clearTimeout(timer)
    res.off('close', end)
  }
}
