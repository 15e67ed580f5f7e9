import type { Response } from 'express'
import type { Database } from '../database/client.ts'
import { findValidSessions } from '../sessions/sessions.ts'
import { createLiveChanges, type Source } from './live-changes.ts'

const HEARTBEAT_MS = 15_000
// A client that falls further behind is disconnected; on reconnect it reloads what it shows.
const MAX_BUFFERED_BYTES = 64 * 1024

interface LiveContext extends Source {
  db: Database
  stopping: AbortSignal
}

/** The open streams of this process, by session. They end with their session, and when the process stops. */
export interface LiveStreams {
  count(sessionId: number): number
  add(sessionId: number, res: Response): void
}

export function openLiveStreams({ db, lifeline, changes, stopping }: LiveContext): LiveStreams {
  const streams = new Map<number, Set<Response>>()
  let heartbeat: NodeJS.Timeout | undefined

  function remove(sessionId: number, res: Response): void {
    const own = streams.get(sessionId)
    own?.delete(res)
    if (own?.size === 0) streams.delete(sessionId)
    if (streams.size > 0) return
    clearInterval(heartbeat)
    heartbeat = undefined
  }

  function sendAll(events: string): void {
    for (const own of streams.values()) for (const res of own) send(res, events)
  }

  function end(sessionId: number): void {
    for (const res of streams.get(sessionId) ?? []) res.end()
  }

  async function beat(): Promise<void> {
    const ids = [...streams.keys()]
    // While the database is unavailable, pages stay connected.
    const valid = await findValidSessions(db, ids).catch(() => ids)
    for (const id of ids) if (!valid.includes(id)) end(id)
    sendAll('event: alive\ndata: {}\n\n')
  }

  createLiveChanges({ lifeline, changes }, sendAll)
  lifeline.onChange(change => {
    if (change?.topic === 'session') end(Number(change.id))
  })
  stopping.addEventListener('abort', () => [...streams.keys()].forEach(end), { once: true })

  return {
    count: sessionId => streams.get(sessionId)?.size ?? 0,
    add(sessionId, res) {
      streams.set(sessionId, (streams.get(sessionId) ?? new Set()).add(res))
      heartbeat ??= setInterval(beat, HEARTBEAT_MS)
      res.on('close', () => remove(sessionId, res))
    },
  }
}

function send(res: Response, text: string): void {
  if (res.writableEnded) return
  if (res.writableLength > MAX_BUFFERED_BYTES) res.destroy()
  else res.write(text)
}
