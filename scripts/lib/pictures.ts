import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { makePackage } from '../../test/neighbours/demo-build.ts'
import { type Neighbours, startNeighbours } from '../../test/neighbours/index.ts'
import { POLL, taskAnswer } from '../../test/neighbours/test-server.ts'
import { freePort, startCrat, tail } from './crat.ts'
import { type CratClient, logIn, type ShownRun } from './crat-client.ts'
import { mailEnvironment } from './demo-world.ts'
import { cleanUpAll } from './processes.ts'
import { stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { done, failed, heading } from './terminal.ts'

const USAGE = `Takes the pictures of docs/ from a CRAT with some history: real builds, real runs, a real browser.

  ./scripts/pictures`

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))
const MAX_KB = 300
const ADMIN_PASSWORD = 'only for pictures'
const LI_WEI = 'li.wei@example.com'
const WANG_FANG = 'wang.fang@example.com'

interface Item {
  name: string
  description: string
  job: string
  lastBuild: number
  /** Its runs, oldest first, one per build: how many tests fail; null where the package is gone. */
  history: (number | null)[]
}

const ITEMS: Item[] = [
  {
    name: 'cds',
    description: 'Content delivery service',
    job: 'CDN/Core',
    lastBuild: 101,
    history: [0, 0, 3, 0, 0, 1, 0, 0],
  },
  {
    name: 'portal',
    description: 'Customer portal',
    job: 'Web/Portal',
    lastBuild: 512,
    history: [1, 0, 0, 0, 2],
  },
  {
    name: 'billing',
    description: 'Invoices and payments',
    job: 'Billing/Service',
    lastBuild: 77,
    history: [0, 0, 0, 0],
  },
  {
    name: 'edge-cache',
    description: 'Cache at the edge, upgrade from the last release',
    job: 'CDN/Edge',
    lastBuild: 38,
    history: [0, 4, null],
  },
  {
    name: 'player',
    description: 'Video player for browsers',
    job: 'Web/Player',
    lastBuild: 206,
    history: [2, 0, 0],
  },
]

/** What is shown by itself: the item with the most to see. */
const SHOWN = 'portal'

interface Picture {
  file: string
  path: (shownRun: number) => string
  screen: BrowserContextOptions
  /** To the end of the page, however high. */
  whole?: boolean
}

const laptop = { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1.5 }
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }

const PICTURES: Picture[] = [
  { file: 'tests.png', path: () => '/tests', screen: { ...laptop, colorScheme: 'light' }, whole: true },
  { file: 'tests-dark.png', path: () => '/tests', screen: { ...laptop, colorScheme: 'dark' }, whole: true },
  { file: 'run.png', path: run => `/runs/${run}`, screen: { ...laptop, colorScheme: 'light' } },
  { file: 'phone.png', path: run => `/runs/${run}`, screen: { ...phone, colorScheme: 'light' } },
]

if (process.argv.includes('--help')) {
  console.log(USAGE)
  process.exit()
}

const stop = stopSignal()
const folder = await temporaryFolder('crat-pictures-')
/** What was started, to be stopped in reverse. */
const cleanUps: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]

try {
  heading('Starting')
  const neighbours = await startNeighbours({ folder: join(folder, 'neighbours') })
  cleanUps.push(neighbours.close)
  const cratUrl = await start(neighbours)
  done(`CRAT and its neighbours: ${cratUrl}`)

  heading('Making history')
  const admin = await logIn(cratUrl, { email: 'admin', password: ADMIN_PASSWORD })
  const people = [await logIn(cratUrl, { email: LI_WEI }), await logIn(cratUrl, { email: WANG_FANG })]
  const itemIds = await furnish(admin, neighbours)
  const shownRun = await makeHistory(admin, people, itemIds, neighbours.packageServer.root)
  await fillQueue(people, itemIds, neighbours)

  heading('Taking pictures')
  await mkdir(DOCS, { recursive: true })
  await takePictures(cratUrl, shownRun)
} catch (error) {
  process.exitCode = 1
  failed(stop.aborted ? 'Stopped before the pictures were taken' : (error as Error).message)
  if (!stop.aborted) console.log(await tail(join(folder, 'data/crat.log')))
} finally {
  await cleanUpAll(cleanUps)
}

async function start(neighbours: Neighbours): Promise<string> {
  const dataDir = join(folder, 'data')
  await mkdir(dataDir)
  const crat = startCrat({
    dataDir,
    port: await freePort(0),
    env: { ...mailEnvironment(neighbours), ADMIN_PASSWD: ADMIN_PASSWORD, ALLOW_WEAK_SECRETS: 'true' },
  })
  cleanUps.push(crat.stop)
  await crat.ready(stop)
  return crat.url
}

/** Settings and test items; answers the items' ids by name. */
async function furnish(admin: CratClient, neighbours: Neighbours): Promise<Map<string, number>> {
  await admin.put('/settings', {
    package_build_info_base_url: neighbours.packageServer.url,
    package_download_base_url: neighbours.packageServer.url,
    external_test_server_url: neighbours.testServer.url,
    query_interval: 0.2,
  })
  const ids = new Map<string, number>()
  for (const { name, description, job } of ITEMS) {
    const { data } = await admin.post<{ data: { id: number } }>('/test-items', {
      name,
      description,
      associated_job_name: job,
    })
    ids.set(name, data.id)
  }
  return ids
}

/** Announces and tests build after build, all items in turn; answers the last run of the item that is shown. */
async function makeHistory(
  admin: CratClient,
  people: CratClient[],
  itemIds: Map<string, number>,
  packages: string,
): Promise<number> {
  let shownRun = 0
  const rounds = Math.max(...ITEMS.map(({ history }) => history.length))
  for (let round = 0; round < rounds; round++) {
    for (const [index, item] of ITEMS.entries()) {
      // The shorter histories begin later, so that all end with the newest build.
      const nth = round - (rounds - item.history.length)
      if (nth < 0) continue
      const buildId = await build(admin, item, nth, packages)
      const person = people[(round + index) % people.length] ?? admin
      const run = await finish(admin, await trigger(person, itemIds.get(item.name), buildId))
      if (item.name === SHOWN) shownRun = run.id
      done(`${item.name}: run ${run.id} ${run.status === 'COMPLETED' ? run.outcome : run.status}`)
    }
  }
  return shownRun
}

/** Leaves a package where Jenkins would, announces the build, selects it and answers its id. */
async function build(admin: CratClient, item: Item, nth: number, packages: string): Promise<number> {
  const number = item.lastBuild - item.history.length + 1 + nth
  const brokenTests = item.history[nth] ?? null
  const packagePath = `build/${item.job}/${number}`
  const version = `5.3.${nth + 1}`
  if (brokenTests !== null) {
    await mkdir(join(packages, packagePath), { recursive: true })
    const name = `${item.name}-${version}_x86_64-linux-gnu_20240626_release.tgz`
    await makePackage(join(packages, packagePath, name), { version, brokenTests })
  }
  const { data } = await admin.post<{ data: { id: number } }>('/builds', {
    BUILD_USER: 'jenkins',
    JOB_NAME: item.job,
    PACKAGE_PATH: packagePath,
    BUILD_NUMBER: number,
  })
  await admin.put('/job-versions', { job_name: item.job, build_id: data.id, auto_sync: true })
  return data.id
}

async function trigger(person: CratClient, itemId: number | undefined, buildId?: number): Promise<number> {
  const body = buildId === undefined ? {} : { build_info_id: buildId }
  const { data } = await person.post<{ data: { run_id: number } }>(`/test-items/${itemId}/deploy-test`, body)
  return data.run_id
}

async function finish(reader: CratClient, runId: number): Promise<ShownRun> {
  return await until(reader, runId, ({ status }) =>
    ['COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED'].includes(status),
  )
}

async function until(
  reader: CratClient,
  runId: number,
  farEnough: (run: ShownRun) => boolean,
): Promise<ShownRun> {
  const deadline = Date.now() + 3 * 60_000
  while (Date.now() < deadline) {
    stop.throwIfAborted()
    const { data: run } = await reader.get<{ data: ShownRun }>(`/deploy-test-runs/${runId}`)
    if (farEnough(run)) return run
    await sleep(100)
  }
  throw new Error(`Run ${runId} came no further for 3 minutes`)
}

/** One run that stays under test, two that wait. */
async function fillQueue(people: CratClient[], itemIds: Map<string, number>, neighbours: Neighbours) {
  neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
  const [liWei, wangFang] = people
  if (!liWei || !wangFang) throw new Error('Two people are needed')
  const active = await trigger(liWei, itemIds.get('cds'))
  await trigger(wangFang, itemIds.get('billing'))
  await trigger(liWei, itemIds.get('portal'))
  await until(liWei, active, run => run.steps.some(({ progress }) => progress?.status === 'running:test'))
}

async function takePictures(cratUrl: string, shownRun: number): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  })
  cleanUps.push(() => browser.close())
  const session = await logInWithBrowser(browser, cratUrl)
  for (const picture of PICTURES) {
    const context = await browser.newContext({
      ...picture.screen,
      locale: 'en-GB',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
      storageState: session,
    })
    const page = await context.newPage()
    await page.goto(cratUrl + picture.path(shownRun))
    await page.evaluate('document.fonts.ready.then(() => true)')
    const path = join(DOCS, picture.file)
    await page.screenshot({ path, fullPage: picture.whole, animations: 'disabled', caret: 'hide' })
    await context.close()
    const kb = Math.ceil((await stat(path)).size / 1000)
    if (kb > MAX_KB) throw new Error(`${picture.file} has ${kb} kB, more than ${MAX_KB}`)
    done(`docs/${picture.file}, ${kb} kB`)
  }
}

/** Everyone's pages are the same; this person's are taken. */
async function logInWithBrowser(browser: Browser, cratUrl: string) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
  const page = await context.newPage()
  await page.goto(`${cratUrl}/login`)
  await page.fill('input[name=email]', LI_WEI)
  await page.press('input[name=email]', 'Enter')
  await page.waitForURL('**/tests')
  const state = await context.storageState()
  await context.close()
  return state
}
