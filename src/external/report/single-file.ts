import type { ReportSummary } from '../../lib/report-summary.ts'
import { parseAllure2, parseAllure3, parseStatistic, withLeaves } from './allure.ts'

/** Figures out of a page, and the format they were in. */
export interface PageFigures {
  format: 'allure2' | 'allure3' | 'statistic' | 'junit' | 'pytest-html'
  summary: ReportSummary
}

/**
 * An Allure report in one file holds its data files as `d('name','<base64>')`, Allure 3 in double quotes.
 * Allure 3 up to 3.18 puts the counts and the tree in, and leaves `summary.json` beside the page.
 */
export function parseSingleFile(page: Buffer): PageFigures | null {
  const widget = embedded(page, 'widgets/summary.json')
  const allure2 = parseAllure2(widget)
  if (allure2) return { format: 'allure2', summary: allure2 }
  const allure3 =
    parseAllure3(widget) ??
    parseAllure3(embedded(page, 'summary.json')) ??
    parseStatistic(embedded(page, 'widgets/statistic.json'))
  return allure3 && { format: 'allure3', summary: withLeaves(allure3, embedded(page, 'widgets/tree.json')) }
}

/** Searched as bytes: such a page can have tens of megabytes, and a pattern over it costs too much. */
function embedded(page: Buffer, name: string): unknown {
  for (const quote of ['"', "'"]) {
    const opening = `d(${quote}${name}${quote},${quote}`
    const at = page.indexOf(opening)
    if (at < 0) continue
    const from = at + opening.length
    const to = page.indexOf(quote, from)
    if (to < 0) continue
    const json = parseJson(Buffer.from(page.toString('latin1', from, to), 'base64'))
    if (json !== undefined) return json
  }
}

/** undefined where it is not JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    // TextDecoder drops a byte order mark.
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
