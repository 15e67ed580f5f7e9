import { beside } from './address.ts'
import { isJson } from './report-file.ts'

/** Where Allure's page shows the test whose file `source` is; null if it has none. */
export function testUrl(list: URL, source: string | null): string | null {
  const [, kind, id] = /^data\/(test-cases|test-results)\/(.+)\.json$/.exec(source ?? '') ?? []
  if (!kind || !id) return null
  const page = new URL(isJson(list) ? beside(list, '../') : list)
  page.username = ''
  page.password = ''
  page.hash = kind === 'test-cases' ? `testresult/${id}` : id
  return page.href
}
