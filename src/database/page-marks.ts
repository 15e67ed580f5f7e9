import type { Lifeline } from './lifeline.ts'

/**
 * Remembers, for a long list in which builds are listed, the row before a page: the page is then found by key, however
 * deep it is. Forgets all when any process changes such a list.
 */
export interface PageMarks<Mark> {
  get(list: string, offset: number): Mark | undefined
  /** `version`: as it was before the page was read. Ignored if the list has changed since. */
  set(list: string, offset: number, mark: Mark, version: number): void
  version(): number
}

const MAX_MARKS = 2_000

export function createPageMarks<Mark>(lifeline: Lifeline): PageMarks<Mark> {
  const marks = new Map<string, Mark>()
  let version = 0
  lifeline.onChange(change => {
    if (change && change.topic !== 'job') return
    version += 1
    marks.clear()
  })
  return {
    get: (list, offset) => (lifeline.connected() ? marks.get(`${offset} ${list}`) : undefined),
    set(list, offset, mark, readAt) {
      if (readAt !== version || !lifeline.connected()) return
      if (marks.size >= MAX_MARKS) marks.clear()
      marks.set(`${offset} ${list}`, mark)
    },
    version: () => version,
  }
}
