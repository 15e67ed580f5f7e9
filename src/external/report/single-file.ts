import type { ReportSummary } from '../../lib/report-summary.ts'
import { parseAllure2, parseAllure3, parseStatistic, withLeaves } from './allure.ts'

export type ReportFormat = 'allure2' | 'allure3' | 'statistic' | 'junit' | 'pytest-html'

/** Figures out of a page, and the format they were in. */
export interface PageFigures {
  format: ReportFormat
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
export function embedded(page: Buffer, name: string): unknown {
  for (const quote of QUOTES) {
    const opening = `d(${quote}${name}${quote},${quote}`
    const at = page.indexOf(opening)
    const json = at < 0 ? undefined : decode(page, quote, at + opening.length)
    if (json !== undefined) return json
  }
}

const QUOTES = ['"', "'"]

function decode(page: Buffer, quote: string, from: number): unknown {
  const to = page.indexOf(quote, from)
  return to < 0 ? undefined : parseJson(Buffer.from(page.toString('latin1', from, to), 'base64'))
}

/** Reads files of one folder out of a page that may hold thousands: it is gone through once, not once for each. */
export function embeddedFolder(page: Buffer, folder: string): (name: string) => unknown {
  const places = new Map<string, { quote: string; from: number }>()
  for (const quote of QUOTES) {
    const opening = `d(${quote}${folder}`
    for (let at = page.indexOf(opening); at >= 0; at = page.indexOf(opening, at + opening.length)) {
      const start = at + opening.length
      const end = page.indexOf(quote, start)
      if (end < 0 || end - start > MAX_NAME) continue
      places.set(page.toString('latin1', start, end), { quote, from: end + `${quote},${quote}`.length })
    }
  }
  return name => {
    const place = places.get(name)
    return place && decode(page, place.quote, place.from)
  }
}

const MAX_NAME = 200

/** undefined where it is not JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    // TextDecoder drops a byte order mark.
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
