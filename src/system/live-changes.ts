import type { ChangeHistory } from '../database/change-history.ts'
import type { Lifeline } from '../database/lifeline.ts'
import type { Change } from '../database/live.ts'

const GATHERED_MS = 50
/** Of more the pages learn as if they had missed them: they reload what they show. */
const MOST_AT_ONCE = 100
/** Of what no page shows. */
const UNSEEN: readonly Change['topic'][] = ['session', 'session_ack', 'build', 'run_end']

export interface Source {
  lifeline: Lifeline
  changes: ChangeHistory
}

/** The changes of a moment as server-sent events, each once, made once for all open pages. */
export function createLiveChanges({ lifeline, changes }: Source, send: (events: string) => void): void {
  const gathered = new Map<string, Change>()
  let missed = false
  let timer: NodeJS.Timeout | null = null

  function sendGathered(): void {
    const events = missed ? gap(changes) : eventsOf([...gathered.values()], changes)
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

/** What a page has missed that was shown at this moment. */
export function missedSince(mark: string, changes: ChangeHistory): string {
  const missed = changes.since(mark)?.filter(({ topic }) => !UNSEEN.includes(topic))
  return missed ? eventsOf(missed, changes) : gap(changes)
}

function eventsOf(list: Change[], changes: ChangeHistory): string {
  if (list.length > MOST_AT_ONCE) return gap(changes)
  return list.length ? list.map(toEvent).join('') + place(changes) : ''
}

const toEvent = (change: Change) => `event: change\ndata: ${JSON.stringify(change)}\n\n`

const gap = (changes: ChangeHistory) => `event: gap\ndata: {}\n\n${place(changes)}`

/** A browser that connects again says where it was. */
const place = (changes: ChangeHistory) => `id: ${changes.mark()}\n\n`
