import { parseJson } from './report-file.ts'

/**
 * Returns a data file embedded as `d('name','<base64>')`, in Allure 3 with double quotes. Searches bytes: a
 * pattern over tens of megabytes is too slow.
 */
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

export function embeddedFiles(page: Buffer, prefix: string): (name: string) => unknown {
  const places = new Map<string, { quote: string; from: number }>()
  for (const quote of QUOTES) {
    const opening = `d(${quote}${prefix}`
    for (let at = page.indexOf(opening); at >= 0; at = page.indexOf(opening, at + opening.length)) {
      const start = at + opening.length
      const end = page.indexOf(quote, start)
      if (end < 0 || end - start > MAX_NAME) continue
      const name = prefix + page.toString('latin1', start, end)
      places.set(name, { quote, from: end + `${quote},${quote}`.length })
    }
  }
  return name => {
    const place = places.get(name)
    return place && decode(page, place.quote, place.from)
  }
}

const MAX_NAME = 200
