import { embedded } from './allure-embedded.ts'
import { embeddedReasons, fetchedReasons } from './allure-reason.ts'
import type { Fetcher } from './fetcher.ts'
import type { TestList } from './reader.ts'
import { isJson, jsonProblem, type ReportFile } from './report-file.ts'
import type { TestRow } from './test-row.ts'

export interface ListFile<T> {
  name: string
  parse(json: unknown): (T & { rows: TestRow[] }) | null
}

export function findList<T>(
  urls: URL[],
  listFile: ListFile<T>,
  fetcher: Fetcher,
): Promise<(T & TestList) | null> {
  return fetcher.first(urls, async url => {
    const file = await fetcher.fetch(url, fetcher.maxBytes)
    if (!file) return null
    const list = listIn(file, listFile, fetcher)
    if (!list) fetcher.record(url, isJson(url) ? jsonProblem(file, 'report:not_tests') : 'report:not_tests')
    return list
  })
}

export function listIn<T>(
  file: ReportFile,
  { name, parse }: ListFile<T>,
  fetcher: Fetcher,
): (T & TestList) | null {
  const { url, body } = file
  const list = parse(isJson(url) ? file.json : embedded(body, name))
  return (
    list && { ...list, url, readReason: isJson(url) ? fetchedReasons(url, fetcher) : embeddedReasons(body) }
  )
}
