import type { Lifeline } from '../database/lifeline.ts'
import type { Change } from '../database/live.ts'

const GATHERED_MS = 50
/** Of more the pages learn as if they had missed them: they reload what they show. */
const MOST_AT_ONCE = 100

type Listener = (events: string) => void

/** The changes of a moment as server-sent events, each once, made once for all open pages. */
export function createLiveChanges(lifeline: Lifeline): (listener: Listener) => () => void {
  const listeners = new Set<Listener>()
  const gathered = new Map<string, Change>()
  let missed = false
  let timer: NodeJS.Timeout | undefined

  function send(): void {
    timer = undefined
    const events = missed || gathered.size > MOST_AT_ONCE ? GAP : [...gathered.values()].map(toEvent).join('')
    missed = false
    gathered.clear()
    for (const listener of listeners) listener(events)
  }

  lifeline.onChange(change => {
    if (!listeners.size || change?.topic === 'session') return
    if (change) gathered.set(`${change.topic} ${change.id}`, change)
    else missed = true
    if (!timer) timer = setTimeout(send, GATHERED_MS)
  })
  return listener => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}

const GAP = 'event: gap\ndata: {}\n\n'

const toEvent = (change: Change) => `event: change\ndata: ${JSON.stringify(change)}\n\n`
