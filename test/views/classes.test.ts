import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

const templates = globSync('views/{layouts,pages,partials}/*.eta', { cwd: root }).map(path => ({
  path,
  text: read(path),
}))
const defined = classesDefinedIn(read('public/app.css'))
/** htmx sets one while it fetches a page; public/run-log.js makes the lines of a log, with colours of terminals. */
const SET_BY_SCRIPTS = ['htmx-request', 'log-window', 'log-space']
const COLOURS_OF_LOGS = 'ansi-'

test('every class of a template is in the style sheet', () => {
  const unknown = templates.flatMap(({ path, text }) => {
    const { classes, prefixes } = classesUsedIn(text)
    const isDefined = (name: string) => defined.has(name)
    const begins = (prefix: string) => [...defined].some(name => name.startsWith(prefix))
    const missing = [
      ...classes.filter(name => !isDefined(name)),
      ...prefixes.filter(prefix => !begins(prefix)),
    ]
    return missing.map(name => `${path}: ${name}`)
  })
  assert.deepEqual(unknown, [])
})

test('every class of the style sheet is in a template', () => {
  const used = templates.map(({ text }) => classesUsedIn(text))
  const classes = new Set([...used.flatMap(each => each.classes), ...SET_BY_SCRIPTS])
  const prefixes = [COLOURS_OF_LOGS, ...used.flatMap(each => each.prefixes)]
  const unused = [...defined].filter(
    name => !classes.has(name) && !prefixes.some(prefix => name.startsWith(prefix)),
  )
  assert.deepEqual(unused, [])
})

function classesDefinedIn(css: string): Set<string> {
  const rules = css.replaceAll(/\/\*.*?\*\//gs, '').matchAll(/([^{};]+)\{/g)
  const selectors = [...rules].map(([, prelude = '']) => prelude).filter(prelude => !prelude.startsWith('@'))
  return new Set(selectors.flatMap(selector => matchesOf(selector, /\.([a-z][\w-]*)/gi)))
}

/** `prefixes`: what goes before an expression, as in `tone-<%= tone %>`. */
function classesUsedIn(template: string): { classes: string[]; prefixes: string[] } {
  const lists = matchesOf(template, /class="((?:<%.*?%>|[^"])*)"/gs)
  const tokens = lists.flatMap(list => matchesOf(list, /((?:<%.*?%>|[^\s<])+)/gs))
  const ofIcons = matchesOf(template, /icon\([^,)]*,([^)]*)\)/g)
  const classes = tokens.filter(token => !token.includes('<%'))
  const expressions = tokens.filter(token => token.startsWith('<%'))
  const chosen = [...expressions, ...ofIcons].flatMap(resultsOf)
  const prefixes = tokens.filter(token => /^[^<]+<%/.test(token)).map(token => token.replace(/<%.*/s, ''))
  return { classes: [...classes, ...chosen], prefixes }
}

/** The strings that an expression may result in: no keys, and nothing that is compared. */
function resultsOf(expression: string): string[] {
  const strings = [...expression.matchAll(/(=== )?'([^']*)'(:)?/g)]
  const results = strings.filter(([, compared, , key]) => !compared && !key)
  return results.flatMap(([, , text = '']) => text.split(' ')).filter(Boolean)
}

function matchesOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, match = '']) => match)
}
