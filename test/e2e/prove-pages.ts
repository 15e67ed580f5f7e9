import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { logIn, openWindow } from './browser.ts'
import type { BusyWorld } from './busy-world.ts'

const MAX_BYTES = 200_000
const DESK = { width: 1280, height: 800 }
const PHONE = { width: 360, height: 740 }
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

interface Reader {
  who: string
  email: string
  password?: string
  /** In both themes, and in both languages, of which one is looked at for barriers. */
  paths: string[]
  /** In English and light only, without a look at colours: somebody else's pages with a little more. */
  alike?: string[]
}

/** Looks at every page as that person sees it, in both languages, in both themes, on a desk and on a phone. */
export function provePages(world: BusyWorld, reader: Reader): void {
  describe(`what ${reader.who} sees`, { concurrency: 2, timeout: 300_000 }, () => {
    const title = (locale: string) =>
      `fits a phone, is light, breaks no policy, shows no key in place of a sentence and, in English, has no barriers: ${locale}`
    for (const locale of ['en-GB', 'zh-CN'])
      it(title(locale), { timeout: 240_000 }, () => findNothing(world, reader, locale))
  })
}

async function findNothing(world: BusyWorld, reader: Reader, locale: string): Promise<void> {
  const { email, password, paths, alike = [] } = reader
  const page = await openWindow(world.url, { locale })
  const visit = await watchPage(page, world.url)
  // A theme changes nothing but colours, and a language nothing but words.
  const isEnglish = locale === 'en-GB'
  const runs = isEnglish ? ALL : {}
  const found = await visit('/login', runs)
  await logIn(page, email, password)
  for (const path of paths) found.push(...(await visit(path, runs)))
  for (const path of isEnglish ? alike : []) found.push(...(await visit(path, WITHOUT_COLOURS)))
  assert.deepEqual(found, [])
}

/** Opens pages, and tells everything that is wrong with each. */
async function watchPage(page: Page, url: string): Promise<(path: string, runs: Runs) => Promise<string[]>> {
  let found: string[] = []
  let [path, bytes] = ['', 0]
  page.on('console', message => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) found.push(`${path}: ${message.text()}`)
  })
  page.on('pageerror', error => found.push(`${path}: ${error.message}`))
  page.on('request', request => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      found.push(`${path}: asks ${request.url()}`)
  })
  const wire = await page.context().newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true })
  // What the page before still fetches is not of this one.
  const asked = new Set<string>()
  const { frameTree } = await wire.send('Page.getFrameTree')
  let shown = ''
  wire.on('Network.requestWillBeSent', ({ requestId, loaderId, type, frameId }) => {
    if (type === 'Document' && frameId === frameTree.frame.id) {
      shown = loaderId
      asked.clear()
      bytes = 0
    }
    if (loaderId === shown) asked.add(requestId)
  })
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) bytes += encodedDataLength
  })
  return async (next, runs) => {
    found = []
    path = next
    await page.setViewportSize(DESK)
    const answer = await page.goto(path, { waitUntil: 'load' })
    if (/unsafe-inline|unsafe-eval/.test(answer?.headers()['content-security-policy'] ?? 'unsafe-inline'))
      found.push(`${path}: its policy lets anything in`)
    if (bytes > MAX_BYTES) found.push(`${path}: ${bytes} bytes`)
    found.push(...(await barriersOf(page, path, runs)))
    await page.setViewportSize(PHONE)
    found.push(...(await looseEndsOf(page, path)))
    return found
  }
}

type Theme = 'light' | 'dark'
type Runs = Partial<Record<Theme, string>>

const ONLY_FAILURES = "resultTypes: ['violations']"
const ALL: Runs = {
  light: `axe.run({ ${ONLY_FAILURES} })`,
  dark: `axe.run({ ${ONLY_FAILURES}, runOnly: ['color-contrast', 'link-in-text-block'] })`,
}
const WITHOUT_COLOURS: Runs = {
  light: `axe.run({ ${ONLY_FAILURES}, rules: { 'color-contrast': { enabled: false } } })`,
}

async function barriersOf(page: Page, path: string, runs: Runs): Promise<string[]> {
  // Not through a script element: the page's policy would rightly refuse it.
  if (Object.keys(runs).length > 0) await page.evaluate(axe)
  const found: string[] = []
  for (const [theme, run] of Object.entries(runs)) {
    await page.emulateMedia({ colorScheme: theme as Theme })
    found.push(...(await violations(page, run)).map(each => `${path}, ${theme}: ${each}`))
  }
  return found
}

async function violations(page: Page, run: string): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>(run)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id} ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  )
}

async function looseEndsOf(page: Page, path: string): Promise<string[]> {
  const found: string[] = []
  if (!(await isNarrow(page))) found.push(`${path}: too wide`)
  await page.evaluate('document.querySelectorAll("details").forEach(each => { each.open = true })')
  if (!(await isNarrow(page))) found.push(`${path}: too wide when all is folded out`)
  // What stands in a pre is shown as it is stored. At once: the page may fetch itself again meanwhile.
  const text = await page.evaluate<string>(`
    document.querySelectorAll('details').forEach(each => { each.open = true })
    document.querySelectorAll('pre').forEach(each => each.remove())
    document.body.innerText`)
  const key = /\b(pages|errors|http|mail|package|report|smtp|database|test-server):[a-z]\w*/.exec(text)
  if (key || /\b(undefined|NaN|\[object Object\]|Invalid Date)\b|{{/.test(text))
    found.push(`${path}: ${key?.[0] ?? text.match(/.*(undefined|NaN|\[object|Invalid Date|{{).*/)?.[0]}`)
  return found
}

/** Charts are drawn again when the window has become narrow. */
function isNarrow(page: Page): Promise<boolean> {
  return page
    .waitForFunction(`document.documentElement.scrollWidth <= ${PHONE.width}`, null, { timeout: 10_000 })
    .then(
      () => true,
      () => false,
    )
}
