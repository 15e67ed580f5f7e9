import pg from 'pg'
import { connect } from '../http.ts'
import { answerParent } from '../in-worker.ts'
import { median } from '../statistics.ts'

export interface PageTimesPlan {
  /** The first of these are not counted. */
  warmUp: number
  requests: number
  /** They are asked in turns. */
  pages: TimedPage[]
}

export interface TimedPage {
  url: string
  path: string
  headers: Record<string, string>
  /** Run before each request. */
  before?: { databaseUrl: string; sql: string }
}

/** For each page: the median in milliseconds, and how large it is. */
export type PageTimes = { ms: number; bytes: number }[]

await answerParent(async ({ pages, warmUp, requests }: PageTimesPlan): Promise<PageTimes> => {
  const readers = await Promise.all(pages.map(openReader))
  const times: number[][] = pages.map(() => [])
  const bytes: number[] = []
  for (let i = 0; i < warmUp + requests; i++) {
    for (const [place, reader] of readers.entries()) {
      const page = await reader.read()
      if (i >= warmUp) times[place]?.push(page.ms)
      bytes[place] = page.bytes
    }
  }
  await Promise.all(readers.map(reader => reader.close()))
  return times.map((each, place) => ({ ms: median(each), bytes: bytes[place] ?? 0 }))
})

/** From the request to the last byte of its answer over an open connection on loopback: a bit more than the server takes. */
async function openReader({ url, path, headers, before }: TimedPage) {
  const { ask, close } = connect(url)
  const database = before && new pg.Client({ connectionString: before.databaseUrl })
  await database?.connect()
  return {
    async read() {
      if (before) await database?.query(before.sql)
      const asked = performance.now()
      const { status, body } = await ask({ path, headers })
      const ms = performance.now() - asked
      if (status !== 200) throw new Error(`${url}${path} was answered ${status}`)
      return { ms, bytes: body.length }
    },
    async close() {
      await close()
      await database?.end()
    },
  }
}
