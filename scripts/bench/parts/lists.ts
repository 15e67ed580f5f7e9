import type { Bench, Part } from '../bench.ts'
import { atLeast, atMost, type Figure, growthOf } from '../figures.ts'
import { runInWorker } from '../in-worker.ts'
import { failuresIn, type LoadResult, summarise } from '../load.ts'
import type { OtherServer } from '../other-server.ts'
import type { Server } from '../server.ts'
import { BUSY_JOB, jobName, type Sizes, SMALL } from '../sizes.ts'
import { inTurns } from '../statistics.ts'
import type { HttpLoadPlan, HttpLoadResult } from '../workers/http-load.ts'

const CLIENTS = 16
const LIMIT = 20
const RATE = 2_000
const GROWTH = 1.2

interface List {
  name: string
  path(sizes: Sizes): string
}

const builds = (offset: number) => `/api/v1/builds?limit=${LIMIT}&offset=${offset}`
/** It has a tenth of the builds. */
const ofJob = (offset: number) => `/api/v1/builds/job/${jobName(BUSY_JOB)}?limit=${LIMIT}&offset=${offset}`

const JOB_VERSIONS = 'job versions, all 500 in one'

const LISTS: List[] = [
  { name: 'builds', path: () => builds(0) },
  { name: 'builds, deep page', path: sizes => builds(sizes.builds / 2) },
  { name: 'builds of a job', path: () => ofJob(0) },
  { name: 'builds of a job, deep page', path: sizes => ofJob(sizes.builds / 20) },
  { name: JOB_VERSIONS, path: () => '/api/v1/job-versions' },
]

export const lists: Part = {
  name: 'lists',
  about: 'the lists of the API, 20 rows, with 16 clients, at 1,000 and at 1,000,000 builds',
  async measure(bench) {
    const { other } = bench
    await using small = await bench.startServer(await bench.filledDatabase('small'), WITHOUT_WORK)
    if (other) await measureBeside(bench, small, other)
    await using big = await bench.startServer(await bench.filledDatabase('big'), WITHOUT_WORK)
    if (other) await other.fill(bench.sizes.builds)
    const empty = bench.startProgram<string>('empty-server.ts')
    const servers = { small, big, empty: await empty.said }
    for (const list of LISTS) await measureList(bench, list, servers)
    await empty.stop()
  },
}

/** What is filled in looks as if runs were active and queued. */
export const WITHOUT_WORK = { ROLE: 'web' }

/** At the small size; at the big one the other server is measured with all others. */
async function measureBeside(bench: Bench, small: Server, other: OtherServer): Promise<void> {
  const held = await other.fill(SMALL.builds)
  const note = held > SMALL.builds ? `beside: with ${held} builds` : undefined
  for (const { name, path } of LISTS) {
    const [ours, beside] = await measureAll(bench, [
      loadOf(bench, small, path(SMALL)),
      loadOf(bench, other, path(SMALL)),
    ])
    if (!ours || !beside) continue
    const name1000 = `${name}, ${SMALL.builds.toLocaleString('en')} builds`
    bench.record({ name: name1000, unit: '/s', ours: ours.rate, beside: beside.rate, note })
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
  { name, path }: List,
  { small, big, empty }: Servers,
): Promise<void> {
  const { sizes, other } = bench
  const ofBig = path(sizes)
  const { bytes } = await runInWorker<HttpLoadResult>('http-load.ts', {
    ...{ ...loadOf(bench, big, ofBig), warmUpSeconds: 0, seconds: 0.2 },
  })
  const [machine, atSmall, ours, beside] = await measureAll(bench, [
    loadOf(bench, { url: empty, bearer: {} }, `/${bytes}`),
    loadOf(bench, small, path(SMALL)),
    loadOf(bench, big, ofBig),
    ...(other ? [loadOf(bench, other, path(sizes))] : []),
  ])
  if (!machine || !atSmall || !ours) return
  bench.record(
    withTarget({
      ...{ name, unit: '/s', machine: machine.rate, small: atSmall.rate, ours: ours.rate },
      ...(beside && { beside: beside.rate }),
      note: failuresIn(ours.statuses),
    }),
  )
}

/** All jobs are one answer: what 20 rows have to do is not for them. */
function withTarget(figure: Figure): Figure {
  const growth = atMost(GROWTH, '×', growthOf(figure))
  if (figure.name === JOB_VERSIONS) return { ...figure, target: growth }
  const rate = atLeast(RATE, '/s', figure.ours)
  return { ...figure, target: { text: `${rate.text}, ${growth.text}`, met: rate.met && growth.met } }
}

function loadOf({ pace }: Bench, server: Pick<Server, 'url' | 'bearer'>, path: string): HttpLoadPlan {
  return { ...pace, url: server.url, headers: server.bearer, clients: CLIENTS, paths: [path] }
}

async function measureAll({ pace }: Bench, plans: HttpLoadPlan[]) {
  const results = await inTurns(
    pace.rounds,
    plans.map(plan => () => runInWorker<LoadResult>('http-load.ts', plan)),
  )
  return results.map(summarise)
}
