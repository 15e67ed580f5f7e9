import type { Lifeline } from '../database/lifeline.ts'
import type { Change } from '../database/live.ts'

const GATHERED_MS = 50
/** Of more the pages learn as if they had missed them: they reload what they show. */
const MOST_AT_ONCE = 100
/** Of what no page shows. */
const UNSEEN: readonly Change['topic'][] = ['session', 'build']

/** The changes of a moment as server-sent events, each once, made once for all open pages. */
export function createLiveChanges(lifeline: Lifeline, send: (events: string) => void): void {
  const gathered = new Map<string, Change>()
  let missed = false
  let timer: NodeJS.Timeout | null = null

  function sendGathered(): void {
    const events = missed || gathered.size > MOST_AT_ONCE ? GAP : [...gathered.values()].map(toEvent).join('')
    timer = null
    missed = false
    gathered.clear()
    send(events)
  }

  lifeline.onChange(change => {
    if (change && UNSEEN.includes(change.topic)) return
    if (change) gathered.set(`${change.topic} ${change.id}`, change)
    else missed = true
    if (!timer) timer = setTimeout(sendGathered, GATHERED_MS)
  })
}

const GAP = 'event: gap\ndata: {}\n\n'

const toEvent = (change: Change) => `event: change\ndata: ${JSON.stringify(change)}\n\n`
