import { Parser } from 'htmlparser2'
import { suitesFile } from '../allure2-suites.ts'
import { treeFile } from '../allure3-tree.ts'
import { parseJson } from '../report-file.ts'

/** Files that no page names: the scripts of a report ask for them. */
export const WELL_KNOWN = [
  ...names('widgets', [
    ...['summary', 'statistic', 'duration', 'suites', 'behaviors', 'categories', 'launch', 'environment'],
    ...['executors', 'severity', 'status-chart', 'globals', 'nav', 'tree', 'charts', 'variables'],
    ...['timeline', 'tree-filters', 'search-index', 'pie_chart', 'environments', 'quality-gate'],
    ...['allure_environment', 'resolution-categories', 'history-trend', 'duration-trend'],
    ...['retry-trend', 'categories-trend'],
  ]),
  ...names('data', ['suites', 'behaviors', 'categories', 'packages', 'timeline']),
  ...['summary.json', 'test-results.json', 'data/suites.csv', 'data/behaviors.csv', 'data/categories.csv'],
]

/** What Allure 3 writes again for each environment. */
const PER_ENVIRONMENT = [
  ...['tree', 'nav', 'statistic', 'pie_chart', 'search-index', 'categories', 'variables'],
  'resolution-categories',
]

function names(folder: string, files: string[]): string[] {
  return files.map(file => `${folder}/${file}.json`)
}

/** The files that this one leads to, relative to the report's folder. */
export function referencesIn(path: string, body: Buffer): string[] {
  if (/\.html?$/i.test(path)) return resolved(path, linksIn(body.toString()))
  if (path.endsWith('.css')) return resolved(path, urlsIn(body.toString()))
  return path.endsWith('.json') ? namedIn(path, parseJson(body)) : []
}

function resolved(path: string, links: string[]): string[] {
  const from = new URL(path, 'http://report/')
  return links.flatMap(link => {
    if (!URL.canParse(link, from)) return []
    const { host, pathname } = new URL(link, from)
    return host === 'report' ? (decoded(pathname.slice(1)) ?? []) : []
  })
}

/** Returns null for what is no percent-encoding of UTF-8. */
export function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return null
  }
}

const MAX_DEPTH = 500

function linksIn(html: string): string[] {
  const links: string[] = []
  let depth = 0
  const parser = new Parser({
    onopentag(_name, { src, href }) {
      for (const link of [src, href]) if (link && !link.startsWith('data:')) links.push(link)
      if (++depth > MAX_DEPTH) parser.pause()
    },
    onclosetag() {
      depth--
    },
  })
  parser.end(html)
  return links
}

function urlsIn(css: string): string[] {
  return [...css.matchAll(/url\(\s{0,9}["']?([^"'()]{1,1000})/g)].map(([, url = '']) => url)
}

function namedIn(path: string, json: unknown): string[] {
  if (/^widgets\/([^/]+\/)?tree\.json$/.test(path))
    return testsOf(treeFile.parse(json)?.rows, testEnvironments)
  if (path === 'data/suites.json') return testsOf(suitesFile.parse(json)?.rows)
  if (path === 'widgets/environments.json') return filesOfEnvironments(json)
  return /^data\/test-(cases|results)\//.test(path) ? attachmentsIn(json) : []
}

type Rows = { id: string; source: string | null }[]

function testsOf(rows: Rows = [], more: (row: Rows[number]) => string[] = () => []): string[] {
  return rows.flatMap(row => [...(row.source ? [decodeURIComponent(row.source)] : []), ...more(row)])
}

/** The history id begins with the id of the test case. */
const testEnvironments = ({ id }: Rows[number]) => [`data/test-env-groups/${id.split('.')[0]}.json`]

function filesOfEnvironments(json: unknown): string[] {
  const listed = Array.isArray(json) ? json : []
  const ids = ['default', ...listed.map(each => (typeof each === 'string' ? each : each?.id))]
  return [...new Set(ids)]
    .filter(id => typeof id === 'string')
    .flatMap(id => names(`widgets/${id}`, PER_ENVIRONMENT))
}

/** `source` in Allure 2, a `link` with id and extension in Allure 3. */
function attachmentsIn(json: unknown): string[] {
  const found: string[] = []
  const queue: unknown[] = [json]
  for (const node of queue) {
    if (typeof node !== 'object' || node === null) continue
    const { source, link } = node as { source?: unknown; link?: { id?: unknown; ext?: unknown } }
    if (typeof source === 'string') found.push(`data/attachments/${source}`)
    if (typeof link?.id === 'string') found.push(`data/attachments/${link.id}${link.ext ?? ''}`)
    for (const part of Object.values(node)) queue.push(part)
  }
  return found
}
