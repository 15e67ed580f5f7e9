import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { TestResult } from '../../../src/lib/test-result.ts'

type Answer = string | Buffer | ((request: IncomingMessage, response: ServerResponse) => void)

/** A web server on loopback with these files; anything else is 404. `asked` lists the paths in order. */
export async function reportServer(t: TestContext, files: Record<string, Answer>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const answer = files[path]
    if (typeof answer === 'function') return answer(request, response)
    if (answer === undefined) response.statusCode = 404
    response.end(answer ?? 'no such file')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** A file of a report that a real Allure generated. */
export const allure = (path: string) =>
  readFileSync(new URL(`../../fixtures/allure/${path}`, import.meta.url), 'utf8')

/** The words under `tried`, in order. */
export const words = (tried: { result: { key: string } }[] | null) =>
  (tried ?? []).map(({ result }) => result.key)

/** A report's files below `at`, as its folder of fixtures holds them. */
export const filesOf = (folder: string, names: string[], at = '/cds') =>
  Object.fromEntries(names.map(name => [`${at}/${name}`, allure(`${folder}/${name}`)]))

const ids2 = ['bd7d970b660b318c', '8031ae025e607213']
const ids3 = ['5fc40e3d82ad411bde869e67cf231376', '9accf8e0a83ded4c9d4069faca5271d4']

/** The files of the fixtures that are read: the summary, the list of tests, and those of the tests that fail. */
export const ALLURE2 = [
  ...['widgets/summary.json', 'data/suites.json'],
  ...ids2.map(id => `data/test-cases/${id}.json`),
]
export const ALLURE3 = [
  ...['summary.json', 'widgets/tree.json'],
  ...ids3.map(id => `data/test-results/${id}.json`),
]

/** Such files as Allure embeds them in a page. */
export function singleFile(folder: string, names: string[], quote: "'" | '"') {
  const base64 = (name: string) => Buffer.from(allure(`${folder}/${name}`)).toString('base64')
  const calls = names.map(name => `d(${quote}${name}${quote},${quote}${base64(name)}${quote})`)
  return `<script>function d(n,v){}</script><script>${calls.join(';')}</script>`
}

/** What the fixtures' summaries say. */
export const COUNTS = { passed: 2, failed: 1, broken: 1, skipped: 1, unknown: 0, total: 5, pass_rate: 40 }
export const TIMES = {
  start: '2025-05-29T02:53:42.908Z',
  stop: '2025-05-29T02:53:47.408Z',
  duration_ms: 4500,
  min_duration_ms: 500,
  max_duration_ms: 500,
  sum_duration_ms: 2500,
}
export const NO_TIMES = {
  start: null,
  stop: null,
  duration_ms: null,
  min_duration_ms: null,
  max_duration_ms: null,
  sum_duration_ms: null,
}

const BOOM = { message: 'AssertionError: boom <b>x</b>', trace: 'Traceback\n  File a.py' }
const NO_REASON = { message: null, trace: null }

/** The fixtures' tests without their ids. */
export const TESTS = [
  { name: 'test_login', status: 'passed', ...NO_REASON, retries: 0, flaky: false },
  { name: 'test_seek', status: 'failed', ...BOOM, retries: 0, flaky: false },
  { name: 'test_hls', status: 'broken', ...BOOM, retries: 0, flaky: false },
  { name: 'test_skip', status: 'skipped', ...NO_REASON, retries: 0, flaky: false },
  { name: 'test_retry', status: 'passed', ...NO_REASON, retries: 1, flaky: true },
].map(each => ({ ...each, suite: 'cds › live', duration_ms: 500 }))

/** Their addresses hold ids too: test-url.test.ts looks at those. */
export const withoutIds = (tests: TestResult[] | null) => tests?.map(({ id: _, url: __, ...rest }) => rest)

/** A report of Allure 3 in which every test fails, each result with an id of its own. */
export const failing = (names: string[], leaf: object = {}) => ({
  '/summary.json': JSON.stringify({ stats: { total: names.length, failed: names.length }, duration: 1 }),
  '/widgets/tree.json': JSON.stringify({
    root: { groups: ['a'], leaves: [] },
    groupsById: { a: { name: 'live', groups: ['a'], leaves: names.map((_, i) => `r${i}`) } },
    leavesById: Object.fromEntries(
      names.map((name, i) => [`r${i}`, { id: `h${name}`, name, status: 'failed', ...leaf }]),
    ),
  }),
})
