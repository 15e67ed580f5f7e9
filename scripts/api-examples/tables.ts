import { readFile } from 'node:fs/promises'

/** An endpoint as a table of the API's guide describes it. */
export interface ListedEndpoint {
  method: string
  path: string
  who: string
  what: string
}

export interface Section {
  title: string
  endpoints: ListedEndpoint[]
}

const HEADING = /^## (.+)$/
const ROW = /^\| (GET|POST|PUT|DELETE) +\| `([^`]+)` +\|([^|]+)\|([^|]+)\|$/

/** The sections of the guide that list endpoints. */
export async function readSections(file: string): Promise<Section[]> {
  const sections: Section[] = []
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [, title] = HEADING.exec(line) ?? []
    if (title) sections.push({ title, endpoints: [] })
    const [, method, path, who, what] = ROW.exec(line) ?? []
    if (method && path && who && what)
      sections.at(-1)?.endpoints.push({ method, path, who: who.trim(), what: what.trim() })
  }
  return sections.filter(({ endpoints }) => endpoints.length > 0)
}
