import type { RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'
import { sessionOf } from '../sessions/authenticate.middleware.ts'
import { sessionLives } from '../sessions/sessions.ts'

const HEARTBEAT_MS = 15_000
/** Bytes that a reader who does not keep up may have waiting; then it is cut, comes back and looks anew. */
const MOST_WAITING = 64 * 1024

/**
 * Server-sent events for open pages: `change` says what changed (`{topic, id}`), `gap` that something may have been
 * missed, `alive` that there is somebody. Pages then fetch what they show.
 */
export function live(ctx: Context): RequestHandler {
  return (_req, res) => {
    // Gone before we came to answer: nothing would ever tell us.
    if (res.closed) return
    // Whoever comes back while the process stops would hold it up.
    if (ctx.stopping.aborted) return void res.status(503).end()
    // Reverse proxies must not collect the events.
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    res.flushHeaders()
    res.write('retry: 1000\n\n')
    const forget = ctx.lifeline.onChange(change => {
      send(res, change ? `event: change\ndata: ${JSON.stringify(change)}\n\n` : 'event: gap\ndata: {}\n\n')
    })
    const heartbeat = setInterval(() => beat(ctx, res), HEARTBEAT_MS)
    const leave = () => {
      forget()
      clearInterval(heartbeat)
      ctx.stopping.removeEventListener('abort', leave)
      res.end()
    }
    ctx.stopping.addEventListener('abort', leave, { once: true })
    res.on('close', leave)
  }
}

function send(res: Response, text: string): void {
  if (res.writableLength > MOST_WAITING) res.destroy()
  else res.write(text)
}

/** Keeps the line open, and ends it with the session. */
async function beat(ctx: Context, res: Response): Promise<void> {
  const session = sessionOf(res)
  // While the database is away the page stays connected: that is when it is of use to see the rest.
  const alive = await sessionLives(ctx.db, session?.id ?? 0).catch(() => true)
  if (alive) send(res, 'event: alive\ndata: {}\n\n')
  else res.end()
}
