import type { Bench, Part } from '../bench.ts'
import { atMost, type Figure, growthOf } from '../figures.ts'
import { runInWorker } from '../in-worker.ts'
import type { Server } from '../server.ts'
import { BUSY_ITEM, BUSY_JOB, jobName, type Sizes, SMALL } from '../sizes.ts'
import type { PageTimes, TimedPage } from '../workers/page-times.ts'
import { WITHOUT_WORK } from './lists.ts'

const GROWTH = 1.3
const WARM_UP = 20

export const MAIN_PAGES = ['/tests', '/builds', '/runs', '/parameter-sets', '/settings']

interface Page {
  name: string
  path(sizes: Sizes): string
  before?: string
}

/** Opening it moves every job to its newest build. */
const MAKE_ALL_DUE = `
  UPDATE job_version_selections SET selected_build_id = NULL, last_sync_time = now() - interval '25 hours'`

/** Even, so that it is one of the item that has most, and one whose tests are known. */
const middleRun = ({ runs }: Sizes) => {
  const run = runs / 2 + ((runs / 2) % 2)
  return run % 11 === 0 ? run + 2 : run
}
const plain = (path: string): Page => ({ name: path, path: () => path })

const PAGES: Page[] = [
  plain('/tests'),
  plain('/tests?offset=275'),
  plain('/tests?q=item-29'),
  plain(`/tests/${BUSY_ITEM}`),
  plain(`/tests/${BUSY_ITEM}/results`),
  plain(`/tests/${BUSY_ITEM}/trigger`),
  plain('/trends'),
  plain(`/trends?test_item_id=${BUSY_ITEM}`),
  plain('/search?q=item-29'),
  plain('/builds'),
  { name: '/builds, all jobs due', path: () => '/builds', before: MAKE_ALL_DUE },
  plain('/builds?q=nightly'),
  { name: '/builds?q= a number', path: ({ builds }) => `/builds?q=${Math.floor(builds * 0.873214)}` },
  { name: '/builds?q= nothing has it', path: () => '/builds?q=nothing-has-this-name' },
  { name: '/builds, deep page', path: ({ builds }) => `/builds?offset=${builds / 2}` },
  { name: '/builds of a job', path: () => `/builds?job_name=${encodeURIComponent(jobName(BUSY_JOB))}` },
  plain('/runs'),
  { name: '/runs, deep page', path: ({ runs }) => `/runs?offset=${runs / 2}` },
  { name: '/runs, failed of an item', path: () => `/runs?status=failed&test_item_id=${BUSY_ITEM}` },
  { name: '/runs of a person', path: () => '/runs?triggered_by=li.wei%40example.com' },
  { name: '/runs/:id', path: sizes => `/runs/${middleRun(sizes)}` },
  { name: '/runs/:id/compare', path: sizes => `/runs/${middleRun(sizes)}/compare` },
  plain('/parameter-sets'),
  plain('/settings'),
  plain('/settings/mail'),
  plain('/settings/audit'),
]

export const pages: Part = {
  name: 'pages',
  about: 'the time of each page at both sizes, against an Express that answers as many bytes',
  async measure(bench) {
    const small = await bench.startServer(await bench.filledDatabase('small'), WITHOUT_WORK)
    const big = await bench.startServer(await bench.filledDatabase('big'), WITHOUT_WORK)
    const empty = bench.startProgram<string>('empty-server.ts')
    const servers = { small, big, empty: await empty.said }
    for (const page of PAGES) bench.record(await measurePage(bench, page, servers))
  },
}

interface Servers {
  small: Server
  big: Server
  empty: string
}

async function measurePage(bench: Bench, page: Page, { small, big, empty }: Servers): Promise<Figure> {
  const ofBig = timed(page, big, bench.sizes)
  const { requests } = bench.pace
  const [first] = await runInWorker<PageTimes>('page-times.ts', { pages: [ofBig], warmUp: 0, requests: 1 })
  const times = await runInWorker<PageTimes>('page-times.ts', {
    ...{ warmUp: WARM_UP, requests },
    pages: [{ url: empty, path: `/${first?.bytes}`, headers: {} }, timed(page, small, SMALL), ofBig],
  })
  const [machine = 0, atSmall = 0, ours = 0] = times.map(({ ms }) => ms)
  const figure: Figure = { name: page.name, unit: 'ms', machine, small: atSmall, ours }
  return { ...figure, target: atMost(GROWTH, '×', growthOf(figure)) }
}

function timed({ path, before }: Page, { url, cookie, databaseUrl }: Server, sizes: Sizes): TimedPage {
  return { url, path: path(sizes), headers: cookie, ...(before && { before: { databaseUrl, sql: before } }) }
}
