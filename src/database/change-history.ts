import { randomUUID } from 'node:crypto'
import type { Lifeline } from './lifeline.ts'
import type { Change } from './live.ts'

/** The last changes, so that a page that has just been shown is not fetched again to learn that nothing has changed. */
export interface ChangeHistory {
  /** Names the moment; for one process. */
  mark(): string
  /** Null where that is not known: of another process, too long ago, or without a connection meanwhile. */
  since(mark: string): Change[] | null
}

const MOST_KEPT = 1000

export function createChangeHistory(lifeline: Pick<Lifeline, 'onChange' | 'connected'>): ChangeHistory {
  const process = randomUUID()
  const kept: Change[] = []
  let count = 0

  lifeline.onChange(change => {
    count += 1
    if (change === null) kept.length = 0
    else if (kept.push(change) > MOST_KEPT) kept.shift()
  })

  return {
    mark: () => `${process}.${count}`,
    since(mark) {
      const [from, place] = mark.split('.')
      const missed = count - Number(place)
      if (from !== process || !(missed >= 0 && missed <= kept.length) || !lifeline.connected()) return null
      return kept.slice(kept.length - missed)
    },
  }
}
