import type { Queryable } from './client.ts'
import type { LongList, LongLists } from './long-lists.ts'

export interface Page {
  limit: number
  offset: number
}

export interface Total {
  /** Exact up to 10,000, then 10,000. */
  total: number
  totalIsExact: boolean
}

export interface PageOf<T> extends Page, Total {
  data: T[]
  hasMore: boolean
}

const MAX_TOTAL = 10_000
/** So many are no longer counted exactly. */
export const MOST_COUNTED = MAX_TOTAL + 1

/** What the lists of a table are read with. */
export interface ListReader {
  db: Queryable
  longLists: LongLists
}

export interface Counter {
  count(most: { take: number }): Promise<number>
  /** Without it the rows are counted each time. */
  long?: LongList
}

export interface PageReader<T> extends Counter {
  find(window: { take: number; skip: number }): Promise<T[]>
}

/** Reads a page of a list of any length. */
export async function readPage<T>(
  { limit, offset }: Page,
  { find, ...counter }: PageReader<T>,
): Promise<PageOf<T>> {
  const rows = await find({ take: limit + 1, skip: offset })
  const hasMore = rows.length > limit
  const seen = offset + rows.length
  const isWholeRest = !hasMore && (rows.length > 0 || offset === 0)
  const total = isWholeRest || seen > MAX_TOTAL ? capTotal(seen) : await countRows(counter)
  return { data: rows.slice(0, limit), limit, offset, ...total, hasMore }
}

/** Counts no more rows than `total` can say. */
export async function countRows({ count, long }: Counter): Promise<Total> {
  if (long?.isKnown()) return capTotal(MOST_COUNTED)
  const total = await count({ take: MOST_COUNTED })
  if (total === MOST_COUNTED) long?.remember()
  return capTotal(total)
}

export function slicePage<T>(rows: T[], { limit, offset }: Page): PageOf<T> {
  const end = offset + limit
  return {
    data: rows.slice(offset, end),
    limit,
    offset,
    ...capTotal(rows.length),
    hasMore: end < rows.length,
  }
}

function capTotal(total: number): Total {
  return { total: Math.min(total, MAX_TOTAL), totalIsExact: total <= MAX_TOTAL }
}
