/** A row that was not taken, or not as it was. */
export interface Remark {
  table: string
  id: string
  what: 'not taken' | 'taken with a change'
  why: string
}

export interface Counts {
  /** Rows in the old database. */
  rows: number
  taken: number
  /** Taken by an earlier import and not changed since. */
  unchanged: number
  /** Taken by an earlier import and changed in 1.x since. */
  updated: number
  /** The same as a row that is there already: a build that was announced twice, a name that both have. */
  merged: number
  notTaken: number
}

export interface Journal {
  counts: Map<string, Counts>
  countsOf(table: string): Counts
  refuse(table: string, id: string | null, why: string): void
  adjust(table: string, id: string | null, why: string): void
  /** A change that the import made on its own account. */
  say(line: string): void
}

export interface JournalListener {
  remark(remark: Remark): void
  say(line: string): void
}

export function createJournal({ remark, say }: JournalListener): Journal {
  const counts = new Map<string, Counts>()

  function countsOf(table: string): Counts {
    const found = counts.get(table) ?? { ...NOTHING }
    counts.set(table, found)
    return found
  }

  return {
    ...{ counts, countsOf, say },
    refuse(table, id, why) {
      countsOf(table).notTaken += 1
      remark({ table, id: id ?? 'without id', what: 'not taken', why })
    },
    adjust: (table, id, why) => remark({ table, id: id ?? 'without id', what: 'taken with a change', why }),
  }
}

const NOTHING: Counts = { rows: 0, taken: 0, unchanged: 0, updated: 0, merged: 0, notTaken: 0 }
