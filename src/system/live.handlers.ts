import type { RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import { refuseTooMany } from '../http/rate-limit.ts'
import { sessionOf } from '../sessions/authenticate.middleware.ts'
import { isSessionValid } from '../sessions/sessions.ts'
import { createLiveChanges } from './live-changes.ts'

const STREAMS_PER_SESSION = 20
const RETRY_SECONDS = 30
const HEARTBEAT_MS = 15_000
// A client that falls further behind is disconnected; on reconnect it reloads what it shows.
const MAX_BUFFERED_BYTES = 64 * 1024

/**
 * Live updates as server-sent events: `change` (`{topic, id}`), `gap` when changes may have been missed, and `alive` as
 * heartbeat. Pages then reload what they show.
 */
export function live(ctx: Context): RequestHandler {
  const openStreams = new Map<number, number>()
  const onChanges = createLiveChanges(ctx.lifeline)
  return (_req, res) => {
    // Already closed: no `close` event would follow.
    if (res.closed) return
    // A client that reconnects now would delay the shutdown.
    if (ctx.stopping.aborted) return void res.status(503).end()
    const session = sessionOf(res)?.id ?? 0
    const open = openStreams.get(session) ?? 0
    if (open >= STREAMS_PER_SESSION) refuseTooMany(res, RETRY_SECONDS, 'errors:too_many_streams')
    openStreams.set(session, open + 1)
    // X-Accel-Buffering: reverse proxies must not buffer the events.
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    res.flushHeaders()
    res.write('retry: 1000\n\n')
    const unsubscribe = onChanges(events => send(res, events))
    const heartbeat = setInterval(() => beat(ctx, res), HEARTBEAT_MS)
    let closed = false
    const disconnect = () => {
      unsubscribe()
      clearInterval(heartbeat)
      if (closed) return
      closed = true
      release(openStreams, session)
      ctx.stopping.removeEventListener('abort', disconnect)
      res.end()
    }
    ctx.stopping.addEventListener('abort', disconnect, { once: true })
    res.on('close', disconnect)
  }
}

function release(openStreams: Map<number, number>, session: number): void {
  const open = (openStreams.get(session) ?? 1) - 1
  if (open > 0) openStreams.set(session, open)
  else openStreams.delete(session)
}

function send(res: Response, text: string): void {
  if (res.writableLength > MAX_BUFFERED_BYTES) res.destroy()
  else res.write(text)
}

async function beat(ctx: Context, res: Response): Promise<void> {
  const session = sessionOf(res)
  // While the database is unavailable, pages stay connected.
  const alive = await isSessionValid(ctx.db, session?.id ?? 0).catch(() => true)
  if (alive) send(res, 'event: alive\ndata: {}\n\n')
  else res.end()
}
