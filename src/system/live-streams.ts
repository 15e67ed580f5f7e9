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

interface Owner {
  id: number
  email: string
}

/** The open streams of this process, by session. They end with their session, and when the process stops. */
export interface LiveStreams {
  count(sessionId: number): number
  add(owner: Owner, res: Response): void
}

export function openLiveStreams({ db, lifeline, changes, stopping }: LiveContext): LiveStreams {
  const streams = new Map<number, Set<Response>>()
  const emails = new Map<number, string>()
  let heartbeat: NodeJS.Timeout | undefined

  function remove(sessionId: number, res: Response): void {
    const own = streams.get(sessionId)
    own?.delete(res)
    if (own?.size === 0) forget(sessionId)
    if (streams.size > 0) return
    clearInterval(heartbeat)
    heartbeat = undefined
  }

  function forget(sessionId: number): void {
    streams.delete(sessionId)
    emails.delete(sessionId)
  }

  /** Whose run has ended asks what it was. */
  function sendEnded(email: string): void {
    for (const [id, own] of streams)
      if (emails.get(id) === email) for (const res of own) send(res, 'event: ended\ndata: {}\n\n')
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
    if (change?.topic === 'run_end') sendEnded(`${change.id}`)
  })
  stopping.addEventListener('abort', () => [...streams.keys()].forEach(end), { once: true })

  return {
    count: sessionId => streams.get(sessionId)?.size ?? 0,
    add({ id, email }, res) {
      streams.set(id, (streams.get(id) ?? new Set()).add(res))
      emails.set(id, email)
      heartbeat ??= setInterval(beat, HEARTBEAT_MS)
      res.on('close', () => remove(id, res))
    },
  }
}

function send(res: Response, text: string): void {
  if (res.writableEnded) return
  if (res.writableLength > MAX_BUFFERED_BYTES) res.destroy()
  else res.write(text)
}
