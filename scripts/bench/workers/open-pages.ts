import { setTimeout as sleep } from 'node:timers/promises'
import { announcementOf } from '../announcements.ts'
import { openEvents } from '../events.ts'
import { connect } from '../http.ts'
import { answerParent } from '../in-worker.ts'
import { residentMegabytes } from '../memory.ts'

export interface OpenPagesPlan {
  url: string
  /** The server's process. */
  pid: number
  /** Those of one who is logged in. */
  headers: Record<string, string>
  pages: number
  changes: number
}

export interface OpenPages {
  /** For each change: milliseconds until all pages heard of it, and until all of them show it. */
  heard: number[]
  shown: number[]
  /** Megabytes before the pages were opened, with them open, and after the changes. */
  memory: { before: number; open: number; after: number }
}

const PATH = '/builds'
/** As the page does: what comes together is fetched once. */
const GATHER_MS = 100

await answerParent(async (plan: OpenPagesPlan): Promise<OpenPages> => {
  const { url, pid, headers } = plan
  await warmUp(plan)
  const before = await residentMegabytes(pid)
  const opened = await Promise.all(Array.from({ length: plan.pages }, () => openPage(url, headers)))
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
  for (const page of opened) page.close()
  return { heard, shown, memory: { before, open, after } }
})

type Page = Awaited<ReturnType<typeof openPage>>

/** The memory that the page itself takes is not that of its being open. */
async function warmUp({ url, headers }: OpenPagesPlan): Promise<void> {
  const connections = Array.from({ length: 20 }, () => connect(url))
  for (let i = 0; i < 20; i++) await Promise.all(connections.map(({ ask }) => ask({ path: PATH, headers })))
  await Promise.all(connections.map(({ close }) => close()))
}

/** A browser with the page open: one connection for events, one to fetch it again. */
async function openPage(url: string, headers: Record<string, string>) {
  const { ask, close } = connect(url)
  await ask({ path: PATH, headers })
  const events = await openEvents(url, headers)
  return {
    nextChange: events.nextChange,
    async showsWithin(text: string): Promise<boolean> {
      await sleep(GATHER_MS)
      const { status, body } = await ask({ path: PATH, headers })
      return status === 200 && body.includes(text)
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
  const shows = await Promise.all(
    all.map(async coming => {
      const page = await coming
      heard = Math.max(heard, performance.now() - began)
      return page.showsWithin(`#${build.BUILD_NUMBER}`)
    }),
  )
  const shown = performance.now() - began
  await announcer.close()
  if (!shows.every(Boolean))
    throw new Error(`${shows.filter(each => !each).length} pages do not show the build`)
  return { heard, shown }
}
