import type { Bench, Part } from '../bench.ts'
import { atLeast, atMost, type Figure, growthOf, type Target } from '../figures.ts'
import { connect } from '../http.ts'
import { runInWorker } from '../in-worker.ts'
import { failuresIn, type LoadResult, summarise } from '../load.ts'
import type { OtherServer } from '../other-server.ts'
import type { Server } from '../server.ts'
import { BUSY_JOB, jobName, type Sizes, SMALL } from '../sizes.ts'
import { inTurns } from '../statistics.ts'
import type { HttpLoadPlan } from '../workers/http-load.ts'

const CLIENTS = 16
const LIMIT = 20
const RATE = 2_000
const GROWTH = 1.2

interface List {
  name: string
  /** Asked for in turns. */
  paths(sizes: Sizes): string[]
}

const builds = (offset: number) => `/api/v1/builds?limit=${LIMIT}&offset=${offset}`
/** It has a tenth of the builds. */
const ofJob = (offset: number) => `/api/v1/builds/job/${jobName(BUSY_JOB)}?limit=${LIMIT}&offset=${offset}`

const JOB_VERSIONS = 'job versions, all 500 in one'

const LISTS: List[] = [
  { name: 'builds', paths: () => [builds(0)] },
  { name: 'builds, deep page', paths: sizes => [builds(sizes.builds / 2)] },
  { name: 'builds, 40 pages', paths: () => Array.from({ length: 40 }, (_, page) => builds(page * LIMIT)) },
  { name: 'builds of a job', paths: () => [ofJob(0)] },
  { name: 'builds of a job, deep page', paths: sizes => [ofJob(sizes.builds / 20)] },
  { name: JOB_VERSIONS, paths: () => ['/api/v1/job-versions'] },
]

export const lists: Part = {
  name: 'lists',
  about: 'the lists of the API, 20 rows, with 16 clients, at 1,000 and at 1,000,000 builds',
  async measure(bench) {
    const { other } = bench
    const small = await bench.startServer(await bench.filledDatabase('small'), WITHOUT_WORK)
    if (other) await measureBeside(bench, small, other)
    const big = await bench.startServer(await bench.filledDatabase('big'), WITHOUT_WORK)
    if (other) await other.fill(bench.sizes.builds)
    const empty = bench.startProgram<string>('empty-server.ts')
    const servers = { small, big, empty: await empty.said }
    for (const list of LISTS) await measureList(bench, list, servers)
  },
}

/** What is filled in looks as if runs were active and queued. */
export const WITHOUT_WORK = { ROLE: 'web' }

/** At the small size; at the big one the other server is measured with all others. */
async function measureBeside(bench: Bench, small: Server, other: OtherServer): Promise<void> {
  const held = await other.fill(SMALL.builds)
  const note = held > SMALL.builds ? `beside: with ${held} builds` : undefined
  for (const { name, paths } of LISTS) {
    const { ours, beside } = await inTurns(bench.pace.rounds, {
      ours: loadOf(bench, small, paths(SMALL)),
      beside: loadOf(bench, other, paths(SMALL)),
    })
    bench.record({
      ...{ name: `${name}, ${SMALL.builds.toLocaleString('en')} builds`, unit: '/s', note },
      ...{ ours: summarise(ours).rate, beside: summarise(beside).rate },
    })
  }
}

interface Servers {
  small: Server
  big: Server
  /** The address of an Express that answers as many bytes. */
  empty: string
}

async function measureList(
  bench: Bench,
  { name, paths }: List,
  { small, big, empty }: Servers,
): Promise<void> {
  const { pace, sizes, other } = bench
  const [first = ''] = paths(sizes)
  const bytes = await sizeOf(big, first)
  const results = await inTurns(pace.rounds, {
    machine: loadOf(bench, { url: empty, bearer: {} }, [`/${bytes}`]),
    small: loadOf(bench, small, paths(SMALL)),
    ours: loadOf(bench, big, paths(sizes)),
    beside: other ? loadOf(bench, other, paths(sizes)) : undefined,
  })
  const rateOf = (rounds: LoadResult[]) => summarise(rounds).rate
  const figure: Figure = {
    ...{ name, unit: '/s', note: failuresIn(summarise(results.ours).statuses) },
    ...{ machine: rateOf(results.machine), small: rateOf(results.small), ours: rateOf(results.ours) },
    beside: results.beside && rateOf(results.beside),
  }
  bench.record({ ...figure, target: targetOf(figure) })
}

async function sizeOf({ url, bearer }: Server, path: string): Promise<number> {
  const { ask, close } = connect(url)
  const { body } = await ask({ path, headers: bearer })
  await close()
  return body.length
}

/** All jobs are one answer: what 20 rows have to do is not for them. */
function targetOf(figure: Figure): Target {
  const growth = atMost(GROWTH, '×', growthOf(figure))
  if (figure.name === JOB_VERSIONS) return growth
  const rate = atLeast(RATE, '/s', figure.ours)
  return { text: `${rate.text}, ${growth.text}`, met: rate.met && growth.met }
}

function loadOf({ pace }: Bench, { url, bearer }: Pick<Server, 'url' | 'bearer'>, paths: string[]) {
  const plan: HttpLoadPlan = { ...pace, url, headers: bearer, clients: CLIENTS, paths }
  return () => runInWorker<LoadResult>('http-load.ts', plan)
}
