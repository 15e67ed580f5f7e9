import type { RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import { sessionOf } from '../sessions/authenticate.middleware.ts'
import { isSessionValid } from '../sessions/sessions.ts'

const HEARTBEAT_MS = 15_000
// A client that falls further behind is disconnected; on reconnect it reloads what it shows.
const MAX_BUFFERED_BYTES = 64 * 1024

/**
 * Live updates as server-sent events: `change` (`{topic, id}`), `gap` when changes may have been missed, and `alive` as
 * heartbeat. Pages then reload what they show.
 */
export function live(ctx: Context): RequestHandler {
  return (_req, res) => {
    // Already closed: no `close` event would follow.
    if (res.closed) return
    // A client that reconnects now would delay the shutdown.
    if (ctx.stopping.aborted) return void res.status(503).end()
    // X-Accel-Buffering: reverse proxies must not buffer the events.
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    res.flushHeaders()
    res.write('retry: 1000\n\n')
    const unsubscribe = ctx.lifeline.onChange(change => {
      send(res, change ? `event: change\ndata: ${JSON.stringify(change)}\n\n` : 'event: gap\ndata: {}\n\n')
    })
    const heartbeat = setInterval(() => beat(ctx, res), HEARTBEAT_MS)
    const disconnect = () => {
      unsubscribe()
      clearInterval(heartbeat)
      ctx.stopping.removeEventListener('abort', disconnect)
      res.end()
    }
    ctx.stopping.addEventListener('abort', disconnect, { once: true })
    res.on('close', disconnect)
  }
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
