import pMap from 'p-map'
import { isFailing, type TestResult } from '../../lib/test-result.ts'
import type { Fetcher } from './fetcher.ts'
import type { TestList } from './reader.ts'
import type { TestRow } from './test-row.ts'
import { testUrl } from './test-url.ts'

export const MAX_TESTS = 50_000
export const MAX_EXPLAINED = 200
const CONCURRENCY = 6

export async function keepTests(list: TestList, fetcher: Fetcher): Promise<TestResult[] | null> {
  const { url, rows, total: count = rows.length } = list
  if (count > MAX_TESTS) {
    fetcher.record(url, 'report:too_many_tests', { count, max: MAX_TESTS })
    return null
  }
  fetcher.record(url, 'report:read')
  const failing = withFewReasons(rows).filter(isFailing)
  await explain(failing.slice(0, MAX_EXPLAINED), list, fetcher)
  return rows.map(({ source, ...test }) => {
    const shownAt = isFailing(test) ? testUrl(url, source) : null
    return shownAt ? { ...test, url: shownAt } : test
  })
}

/** Of very many failures only the first keep their reasons. */
export function withFewReasons(rows: TestRow[]): TestRow[] {
  const failing = rows.filter(isFailing)
  for (const row of failing.slice(MAX_EXPLAINED)) Object.assign(row, { message: null, trace: null })
  return rows
}

async function explain(rows: TestRow[], { readReason }: TestList, fetcher: Fetcher): Promise<void> {
  if (!readReason) return
  const recorded = fetcher.attempts.length
  const add = async (row: TestRow) => row.source && Object.assign(row, await readReason(row.source))
  await pMap(rows, add, { concurrency: CONCURRENCY })
  fetcher.attempts.splice(recorded + 1)
}
