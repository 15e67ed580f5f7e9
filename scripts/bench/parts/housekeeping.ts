import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Part } from '../bench.ts'
import { query } from '../databases.ts'
import { atMost, type Figure } from '../figures.ts'
import { connect } from '../http.ts'
import { startInWorker } from '../in-worker.ts'
import { failuresIn, type LoadResult, summarise } from '../load.ts'
import type { Server } from '../server.ts'
import { BUSY_ITEM } from '../sizes.ts'
import { type LongestStatement, watchStatements } from '../statements.ts'
import { MAIN_PAGES } from './pages.ts'

/** All tests are of runs that have ended, and of one item. */
const ALL_OF_ONE_ITEM = `
  DELETE FROM deploy_test_runs WHERE finished_at IS NULL;
  UPDATE deploy_test_runs SET test_item_id = ${BUSY_ITEM}`

/** The rest stays, so that tests are what is measured. */
const KEEP = { keep_runs_days: 36_500, keep_builds_days: 36_500, keep_builds_per_job: 10_000_000 }
const KEEP_ALL = { ...KEEP, keep_runs_per_item: 10_000_000 }
const KEEP_ONE_RUN = { ...KEEP, keep_runs_per_item: 1 }

interface Removal {
  name: string
  settings: object
  act(bench: Bench, server: Server): Promise<void>
}

const REMOVALS: Removal[] = [
  { name: 'housekeeping', settings: KEEP_ONE_RUN, act: cleanUp },
  { name: 'clearing the history of an item', settings: KEEP_ALL, act: request('/deploy-history') },
  { name: 'deletion of an item', settings: KEEP_ALL, act: request('') },
]

export const housekeeping: Part = {
  name: 'housekeeping',
  about: 'the removal of 10,000,000 test results, three ways: the longest statement, and requests meanwhile',
  async measure(bench) {
    const big = await bench.filledDatabase('big')
    for (const removal of REMOVALS) {
      const databaseUrl = await bench.databases.create(big)
      await query(databaseUrl, ALL_OF_ONE_ITEM)
      await measure(bench, removal, databaseUrl)
      await bench.databases.drop(databaseUrl)
    }
  },
}

async function measure(bench: Bench, { name, settings, act }: Removal, databaseUrl: string): Promise<void> {
  const server = await bench.startServer(databaseUrl)
  await server.admin.put('/settings', settings)
  const before = await requestsDuring(server, () => sleep(bench.pace.seconds * 1000))
  const statements = await watchStatements(databaseUrl)
  const began = performance.now()
  let failure: string | undefined
  const during = await requestsDuring(server, async () => {
    failure = await withinLimit(bench, act(bench, server))
  })
  const seconds = failure ? null : (performance.now() - began) / 1000
  const note = [failure, `${await countResults(databaseUrl)} test results are left`]
    .filter(Boolean)
    .join('; ')
  bench.record({ name, unit: 's', ours: seconds, note })
  bench.record(longestOf(await statements.stop()))
  bench.record(requestsOf(before, during))
  await server.stop()
}

function longestOf({ seconds, sql }: LongestStatement): Figure {
  const note = seconds > 1 ? sql : undefined
  return { name: '… longest statement', unit: 's', ours: seconds, target: atMost(1, 's', seconds), note }
}

type Requests = ReturnType<typeof summarise>

function requestsOf(before: Requests, during: Requests): Figure {
  const met = during.p99 <= Math.max(100, 2 * before.p99)
  return {
    ...{ name: '… requests meanwhile, 99 of 100', unit: 'ms', ours: during.p99 },
    target: { text: '≤ 100 ms or 2 × before', met },
    note: `before: ${before.p99.toFixed(0)} ms${prefixed('; ', failuresIn(during.statuses))}`,
  }
}

const prefixed = (prefix: string, text: string | undefined) => (text ? prefix + text : '')

/** Four people who look at pages, ten times a second each. */
async function requestsDuring({ url, cookie }: Server, act: () => Promise<unknown>) {
  const load = startInWorker<LoadResult>('http-load.ts', {
    ...{ url, headers: cookie, paths: MAIN_PAGES, clients: 4, pauseMs: 100 },
    ...{ warmUpSeconds: 0, seconds: Infinity },
  })
  await act()
  load.stop()
  return summarise([await load.result])
}

/** Why it did not come to its end; undefined where it did. */
async function withinLimit({ options, signal }: Bench, act: Promise<void>): Promise<string | undefined> {
  const seconds = options.quick ? 60 : 1_800
  const tooLong = sleep(seconds * 1000, `not done after ${seconds} s`, { signal, ref: false })
  return Promise.race([
    act.then(
      () => undefined,
      (error: Error) => error.message,
    ),
    tooLong,
  ])
}

async function cleanUp(bench: Bench, { databaseUrl }: Server): Promise<void> {
  const program = bench.startProgram('clean-up.ts', [databaseUrl, bench.folder])
  await program.said
  await program.stop()
}

function request(path: string) {
  return async (_bench: Bench, { url, admin }: Server): Promise<void> => {
    const { ask, close } = connect(url)
    const { status, body } = await ask({
      ...{ path: `/api/v1/test-items/${BUSY_ITEM}${path}`, method: 'DELETE' },
      headers: { authorization: `Bearer ${admin.token}` },
    })
    await close()
    if (status !== 200) throw new Error(`answered ${status} ${body}`)
  }
}

async function countResults(databaseUrl: string): Promise<string> {
  const rows = await query<{ count: number }>(databaseUrl, 'SELECT count(*)::int AS count FROM test_results')
  return (rows[0]?.count ?? 0).toLocaleString('en')
}
