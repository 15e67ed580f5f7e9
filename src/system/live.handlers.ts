import type { RequestHandler } from 'express'
import type { Context } from '../context.ts'
import { fieldsOf } from '../http/page.ts'
import { refuseTooMany } from '../http/rate-limit.ts'
import { requireSession } from '../sessions/authenticate.middleware.ts'
import { missedSince } from './live-changes.ts'
import { openLiveStreams } from './live-streams.ts'

const STREAMS_PER_SESSION = 20
const RETRY_SECONDS = 30

/**
 * Live updates as server-sent events: `change` (`{topic, id}`), `gap` when changes may have been missed, and `alive` as
 * heartbeat. Pages then reload what they show. `since` names the moment at which the page was shown.
 */
export function live(ctx: Context): RequestHandler {
  const streams = openLiveStreams(ctx)
  return (req, res) => {
    // Already closed: no `close` event would follow.
    if (res.closed) return
    // A client that reconnects now would delay the shutdown.
    if (ctx.stopping.aborted) return void res.status(503).end()
    const { id, email } = requireSession(res)
    if (streams.count(id) >= STREAMS_PER_SESSION) refuseTooMany(res, RETRY_SECONDS, 'errors:too_many_streams')
    // X-Accel-Buffering: reverse proxies must not buffer the events.
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    res.flushHeaders()
    res.write('retry: 1000\n\n')
    const mark = req.get('last-event-id') ?? fieldsOf(req.query).since
    if (mark !== undefined) res.write(missedSince(mark, ctx.changes))
    streams.add({ id, email }, res)
  }
}
