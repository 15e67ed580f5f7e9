import * as z from 'zod'
import { answered, type Handler, parseJson, refused } from '../answer.ts'
import type { Meetings } from './meetings.ts'

const report = z.object({
  run_id: z.coerce.number().int().nonnegative(),
  index: z.coerce.number().int().nonnegative(),
  task_id: z.string().min(1).max(500),
  state: z.enum(['ready', 'done', 'failed']),
  reason: z.string().max(10_000).optional(),
})

/** `PUT /api/runs/:run/peers/:index`: a peer says how far it is, and learns how far the others are. */
export function reportPeer(meetings: Meetings): Handler {
  return ({ params: { run, index }, body }) => {
    const parsed = report.safeParse({ ...Object(parseJson(body)), run_id: run, index })
    if (!parsed.success) return refused(422, z.prettifyError(parsed.error))
    return answered(meetings.report(parsed.data))
  }
}
