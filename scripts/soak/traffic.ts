import { setTimeout as sleep } from 'node:timers/promises'
import { openEvents } from '../bench/events.ts'
import { type CratClient, logIn } from '../lib/crat-client.ts'
import { JOBS, packagePathOf, type SoakWorld } from './world.ts'

/** What people, Jenkins and the machines of a company do to CRAT, second by second. */
export interface Traffic {
  /** What was done so far, by name. */
  counts: Record<string, number>
  /** What was answered that should not be. */
  errors: string[]
  /** Resolves when nothing is under way any more. */
  ended: Promise<void>
}

const PEOPLE = 10
/** Each person's tabs. */
const TABS = 4
const PAGES = [
  ...['/tests', '/tests/2', '/tests/2/results', '/runs', '/builds', '/trends'],
  ...['/environments', '/parameter-sets/1', '/settings', '/search?q=item'],
]
const MOST_ERRORS = 100

interface Person {
  client: CratClient
  cookie: Record<string, string>
  tabs: Tab[]
}

type Tab = Awaited<ReturnType<typeof openEvents>>

export async function startTraffic(world: SoakWorld, signal: AbortSignal): Promise<Traffic> {
  const counts: Record<string, number> = {}
  const errors: string[] = []
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  const builds = new Map<string, number>()
  let people: Person[] = []

  async function comeIn(): Promise<void> {
    for (const { tabs } of people) for (const tab of tabs) tab.close()
    people = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => openPerson(world.web, i)))
    count('people who came in')
  }

  async function announce(second: number): Promise<void> {
    const job = pick(JOBS, second)
    const number = (builds.get(job) ?? 0) + 1
    builds.set(job, number)
    await world.admin.post('/builds', {
      ...{ JOB_NAME: job, BUILD_NUMBER: number, BUILD_USER: 'jenkins' },
      PACKAGE_PATH: packagePathOf(job, number),
    })
    count('builds')
  }

  async function trigger(second: number): Promise<void> {
    const { client } = pick(people, second)
    await client.post(`/test-items/${pick(world.itemIds, second / 2)}/deploy-test`)
    count('runs triggered')
  }

  async function view(second: number): Promise<void> {
    const { cookie } = pick(people, second)
    const path = pick(PAGES, second)
    const answer = await fetch(world.web + path, { headers: cookie, signal: AbortSignal.timeout(30_000) })
    const html = await answer.text()
    if (!answer.ok || !html.includes('</html>')) throw new Error(`GET ${path} was answered ${answer.status}`)
    count('pages')
  }

  /** A test server goes away for a minute, and is quarantined where runs meet it. */
  function breakRack(): void {
    world.racks[2]?.answerAlways(/./, { status: 503 })
    setTimeout(() => world.racks[2]?.behave(), 60_000).unref()
    count('outages of a test server')
  }

  /** What the peers remember would be the soak's own leak. */
  function forget(): void {
    const { packageServer, reportServer, testServer, mailSink } = world.neighbours
    counts.mails = (counts.mails ?? 0) + mailSink.mails.splice(0).length
    const old = world.chat.taken.findIndex(({ at }) => at > Date.now() - 120_000)
    counts.messages = (counts.messages ?? 0) + world.chat.taken.splice(0, Math.max(0, old)).length
    for (const server of [packageServer, reportServer, testServer, world.chat, ...world.racks])
      server.requests.length = 0
  }

  async function attempt(act: () => unknown): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!signal.aborted && errors.length < MOST_ERRORS)
        errors.push(`${new Date().toISOString()} ${(error as Error).message}`)
    }
  }

  async function liveOn(): Promise<void> {
    const underWay = new Set<Promise<void>>()
    const start = (act: () => unknown) => {
      const acting = attempt(act).finally(() => underWay.delete(acting))
      underWay.add(acting)
    }
    for (let second = 1; !signal.aborted; second += 1) {
      start(() => view(second))
      if (second % 2 === 0) start(() => announce(second / 2))
      if (second % 2 === 1) start(() => trigger(second))
      if (second % 60 === 0) forget()
      if (second % 600 === 0) start(comeIn)
      if (second % 600 === 300) breakRack()
      await sleep(1_000, undefined, { signal }).catch(() => {})
    }
    await Promise.all(underWay)
    for (const { tabs } of people) for (const tab of tabs) tab.close()
  }

  await comeIn()
  for (const [i] of JOBS.entries()) await announce(i)
  return { counts, errors, ended: liveOn() }
}

async function openPerson(url: string, number: number): Promise<Person> {
  const client = await logIn(url, { email: `person-${number}@example.com` })
  const cookie = { cookie: `crat_session=${client.token}` }
  const tabs = await Promise.all(Array.from({ length: TABS }, () => openEvents(url, cookie)))
  for (const tab of tabs) void followChanges(tab, () => fetch(`${url}/tests`, { headers: cookie }))
  return { client, cookie, tabs }
}

/** As a page does: it fetches itself again, at most once in two seconds. */
async function followChanges(tab: Tab, fetchAgain: () => Promise<Response>): Promise<void> {
  try {
    for (;;) {
      await tab.nextChange()
      await (await fetchAgain()).text()
      await sleep(2_000)
    }
  } catch {
    // It was closed.
  }
}

const pick = <T>(from: readonly T[], number: number) => from[Math.floor(number) % from.length] as T
