import { setTimeout as sleep } from 'node:timers/promises'
import { logIn } from '../../lib/crat-client.ts'
import { announcementOf } from '../announcements.ts'
import { openEvents } from '../events.ts'
import { connect } from '../http.ts'
import { answerParent } from '../in-worker.ts'
import { residentMegabytes } from '../memory.ts'

export interface OpenPagesPlan {
  url: string
  /** The server's process. */
  pid: number
  pages: number
  changes: number
}

export interface OpenPages {
  /** For each change: milliseconds until all pages heard of it, and until all of them show it. */
  heard: number[]
  shown: number[]
  /** How often a page could not be fetched, and was fetched again. */
  failures: number
  /** Megabytes before the pages were opened, with them open, and after the changes. */
  memory: { before: number; open: number; after: number }
}

const PATH = '/builds'
const AT_ONCE = 20
/** Of one person, in as many tabs. */
const PAGES_EACH = 10
/** As the page does: what comes together is fetched once. */
const GATHER_MS = 100
const FETCH_AGAIN_MS = 1_000
const SHOWN_WITHIN_MS = 60_000

await answerParent(async (plan: OpenPagesPlan): Promise<OpenPages> => {
  const { pid } = plan
  const people = await logInAll(plan)
  await warmUp(plan, people[0])
  const before = await residentMegabytes(pid)
  const opened = await openAll(plan, people)
  const open = await residentMegabytes(pid)
  const heard: number[] = []
  const shown: number[] = []
  for (let number = 1; number <= plan.changes; number++) {
    const times = await change(plan, number, opened)
    heard.push(times.heard)
    shown.push(times.shown)
    await sleep(1_000)
  }
  const after = await residentMegabytes(pid)
  const failures = opened.reduce((sum, page) => sum + page.failures(), 0)
  for (const page of opened) page.close()
  return { heard, shown, failures, memory: { before, open, after } }
})

type Page = Awaited<ReturnType<typeof openPage>>
/** What the browser of a person sends along. */
type Person = Record<string, string>

async function logInAll({ url, pages }: OpenPagesPlan): Promise<Person[]> {
  const people: Person[] = []
  while (people.length * PAGES_EACH < pages) {
    const { token } = await logIn(url, { email: `person-${people.length}@example.com` })
    people.push({ cookie: `crat_session=${token}` })
  }
  return people
}

/** The memory that the page itself takes is not that of its being open. */
async function warmUp({ url }: OpenPagesPlan, headers: Person | undefined): Promise<void> {
  const connections = Array.from({ length: AT_ONCE }, () => connect(url))
  for (let i = 0; i < 20; i++) await Promise.all(connections.map(({ ask }) => ask({ path: PATH, headers })))
  await Promise.all(connections.map(({ close }) => close()))
}

async function openAll({ url, pages }: OpenPagesPlan, people: Person[]): Promise<Page[]> {
  const opened: Page[] = []
  const openNext = (_: unknown, i: number) =>
    openPage(url, people[Math.floor((opened.length + i) / PAGES_EACH)] ?? {})
  while (opened.length < pages) {
    const next = Array.from({ length: Math.min(AT_ONCE, pages - opened.length) }, openNext)
    opened.push(...(await Promise.all(next)))
  }
  return opened
}

/** A browser with the page open: one connection for events, one to fetch it again. */
async function openPage(url: string, headers: Person) {
  const { ask, close } = connect(url)
  await ask({ path: PATH, headers })
  const events = await openEvents(url, headers)
  let failures = 0
  return {
    nextChange: events.nextChange,
    failures: () => failures,
    async untilShown(text: string): Promise<void> {
      const deadline = Date.now() + SHOWN_WITHIN_MS
      await sleep(GATHER_MS)
      while (!(await ask({ path: PATH, headers })).body.includes(text)) {
        failures += 1
        if (Date.now() > deadline) throw new Error(`a page does not show ${text}`)
        await sleep(FETCH_AGAIN_MS)
      }
    },
    close() {
      events.close()
      void close()
    },
  }
}

/** A build is announced, which the page lists. */
async function change({ url }: OpenPagesPlan, number: number, pages: Page[]) {
  const build = announcementOf(
    { spread: 'even', from: Date.now() % 1_000_000_000, folder: 'bench/live' },
    number,
  )
  const announcer = connect(url)
  const all = pages.map(page => page.nextChange().then(() => page))
  const began = performance.now()
  const headers = { 'content-type': 'application/json' }
  await announcer.ask({ path: '/api/v1/builds', method: 'POST', headers, body: JSON.stringify(build) })
  let heard = 0
  await Promise.all(
    all.map(async coming => {
      const page = await coming
      heard = Math.max(heard, performance.now() - began)
      await page.untilShown(`#${build.BUILD_NUMBER}`)
    }),
  )
  const shown = performance.now() - began
  await announcer.close()
  return { heard, shown }
}
