export interface Page {
  limit: number
  offset: number
}

export interface PageOf<T> extends Page {
  data: T[]
  /** Exact up to 10,000, then 10,000. */
  total: number
  totalIsExact: boolean
  hasMore: boolean
}

const MAX_TOTAL = 10_000
/** So many are no longer counted exactly. */
export const MOST_COUNTED = MAX_TOTAL + 1

export interface PageReader<T> {
  find(window: { take: number; skip: number }): Promise<T[]>
  count(most: { take: number }): Promise<number>
}

/** Reads a page of a list of any length: it counts no more rows than `total` can say. */
export async function readPage<T>(
  { limit, offset }: Page,
  { find, count }: PageReader<T>,
): Promise<PageOf<T>> {
  const rows = await find({ take: limit + 1, skip: offset })
  const hasMore = rows.length > limit
  const seen = offset + rows.length
  const isWholeRest = !hasMore && (rows.length > 0 || offset === 0)
  const total = isWholeRest || seen > MAX_TOTAL ? seen : await count({ take: MOST_COUNTED })
  return { data: rows.slice(0, limit), limit, offset, ...capTotal(total), hasMore }
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

function capTotal(total: number): Pick<PageOf<unknown>, 'total' | 'totalIsExact'> {
  return { total: Math.min(total, MAX_TOTAL), totalIsExact: total <= MAX_TOTAL }
}
