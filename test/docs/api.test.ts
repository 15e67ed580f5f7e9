import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { API_EXAMPLES, makePage } from '../../scripts/api-examples/pages.ts'
import { API, PAGES } from '../../src/routes.ts'
import { type Document, readDocument, readDocuments } from './markdown.ts'

const GUIDES = readDocuments('README*.md', 'SECURITY.md', 'docs/*.md', 'docs/zh-CN/*.md')
const SYSTEM = ['GET /health', 'GET /ready', 'GET /metrics', 'GET /openapi.json']
const OF_TEST_SERVERS = /^\/(api\/(?!v1)|health|metrics)/

const named = ([method, path]: readonly [string, string, ...unknown[]]) =>
  `${method} ${path.replace('*', ':')}`
const endpoints = API.map(named)
const routes = [...endpoints, ...PAGES.map(named), ...SYSTEM]

/** Whether a path as it is called, or as a route, leads to a route. */
function exists(method: string, path: string): boolean {
  const called = path.replace(/[?#].*/, '').replace(/(?<=.)\/$/, '')
  return routes.some(route => {
    const [verb, pattern = ''] = route.split(' ')
    const matcher = pattern.replace(/:job_name/, '.+').replace(/:\w+/g, '[^/]+')
    return verb === method && new RegExp(`^${matcher}$`).test(called)
  })
}

/** Calls as a sentence names them: `GET /builds/:id`. */
function callsInText({ text }: Document): [string, string][] {
  const calls = text.matchAll(/`(GET|POST|PUT|DELETE) (\/[^\s`]+)/g)
  return [...calls].map(([, method = '', path = '']) => [method, path])
}

/** Calls as a command makes them, with `curl`. */
function callsInCode(document: Document): [string, string][] {
  const code = ['sh', 'yaml', 'groovy'].flatMap(document.codeIn).join('\n').replace(/\\+\n/g, ' ')
  return code.split('\n').flatMap(line => {
    const [, path] = /(?:crat\.example\.com(?::\d+)?|CRAT_URL)(\/api\/v1\/[^\s'")]+)/.exec(line) ?? []
    return path && /\bcurl\b/.test(line) ? [[methodOf(line), path]] : []
  })
}

function methodOf(command: string): string {
  const [, given] = / (?:-X|--request) (\w+)/.exec(command) ?? []
  if (given) return given
  if (/ --upload-file /.test(command)) return 'PUT'
  return / (--data|--json|-d) /.test(command) ? 'POST' : 'GET'
}

test('every endpoint that is called or named exists, with that method', () => {
  let found = 0
  for (const document of GUIDES)
    for (const [method, path] of [...callsInText(document), ...callsInCode(document)]) {
      if (OF_TEST_SERVERS.test(path)) continue
      found += 1
      assert.ok(exists(method, path.replace(/^\/api\/v1/, '')), `${document.path}: ${method} ${path}`)
    }
  assert.ok(found > 150, `${found} calls were found`)
})

test('every path below /api/v1 that is named exists', () => {
  for (const { path: file, text } of GUIDES)
    for (const [, path = ''] of text.matchAll(/\/api\/v1(\/[\w:%.$/-]+)/g)) {
      const isKnown = ['GET', 'POST', 'PUT', 'DELETE'].some(method => exists(method, path))
      assert.ok(isKnown, `${file}: /api/v1${path}`)
    }
})

test('the guide of the API lists every endpoint once, in the same order in both languages', () => {
  const rows = (path: string) =>
    [...readDocument(path).text.matchAll(/^\| (GET|POST|PUT|DELETE) +\| `([^`]+)`/gm)].map(
      ([, method, route]) => `${method} ${route}`,
    )
  assert.deepEqual(rows('docs/api.md').sort(), [...endpoints].sort())
  assert.deepEqual(rows('docs/zh-CN/api.md'), rows('docs/api.md'))
})

for (const target of API_EXAMPLES)
  test(`${target.file.replace(/.*\/docs/, 'docs')} is current; \`npm run docs:api\` writes it`, async () =>
    assert.equal(readFileSync(target.file, 'utf8'), await makePage(target)))
