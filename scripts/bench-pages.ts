// Measures how long the server takes to answer its pages where a lot is stored: 300 test items with 2,000 runs, 500 jobs
// with 100,000 builds. Starts CRAT on a PostgreSQL of its own; ends with 1 where a page's median is above its limit. What 95 of 100
// requests take is told too; on a machine with other work it says more about that.
import { mkdir, rm } from 'node:fs/promises'
import pg from 'pg'
import { startEmbeddedPostgres } from '../src/postgres/embedded.ts'
import { migrate } from '../src/postgres/migrate.ts'
import { ROWS } from './lib/bench-rows.ts'
import { freePort, startCrat } from './lib/crat.ts'
import { cleanUpAll } from './lib/processes.ts'
import { stopSignal } from './lib/signals.ts'
import { temporaryFolder } from './lib/temporary-folder.ts'
import { paint } from './lib/terminal.ts'

const LIMIT_MS = 100
const WARM_UP = 20
const REQUESTS = 30
const PASSWORD = 'only for measuring'

/** Opening it moves every job to its newest build. */
const BUILDS_WHEN_ALL_ARE_DUE = '/builds?all=due'
const MAKE_ALL_DUE = `
  UPDATE job_version_selections SET selected_build_id = NULL, last_sync_time = now() - interval '25 hours'`

const PAGES = [
  '/tests',
  '/tests?offset=275',
  '/tests?q=item-29',
  '/tests/150',
  '/builds',
  BUILDS_WHEN_ALL_ARE_DUE,
  '/builds?q=nightly',
  '/builds?q=99999',
  '/builds?q=nothing-has-this-name',
  '/builds?offset=99990',
  '/builds?job_name=Team-7%2Fjob-250',
  '/runs',
  '/runs?status=failed&test_item_id=150',
  '/runs/1000',
  '/parameter-sets',
  '/settings/mail',
  '/settings/audit',
]

const stop = stopSignal()
const folder = await temporaryFolder('crat-bench-')
const cleanUps: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
try {
  const postgres = await startEmbeddedPostgres(`${folder}/postgres`, { durable: false })
  cleanUps.push(() => postgres.stop())
  await migrate(postgres.url)
  await mkdir(`${folder}/data`)
  const crat = startCrat({
    dataDir: `${folder}/data`,
    port: await freePort(0),
    env: { DATABASE_URL: postgres.url, ROLE: 'web', ADMIN_PASSWD: PASSWORD, LOG_LEVEL: 'error' },
  })
  cleanUps.push(crat.stop)
  await crat.ready(stop)
  const database = new pg.Client({ connectionString: postgres.url })
  await database.connect()
  cleanUps.push(() => database.end())
  for (const rows of ROWS) await database.query(rows)
  await database.query('VACUUM ANALYZE')
  process.exitCode = (await measureAll(crat.url, database)) ? 0 : 1
} finally {
  await cleanUpAll(cleanUps)
}
// At once: the engine that migrated holds the process for ten seconds.
process.exit()

/** Asks for each page in turn, one request at a time; says whether all are fast enough. */
async function measureAll(url: string, database: pg.Client): Promise<boolean> {
  const cookie = await logIn(url)
  console.log(`${'page'.padEnd(40)} ${'median'.padStart(10)} ${'p95'.padStart(10)} ${'limit'.padStart(10)}`)
  let fast = true
  for (const path of PAGES) {
    const times: number[] = []
    for (let i = 0; i < WARM_UP + REQUESTS; i++) {
      stop.throwIfAborted()
      if (path === BUILDS_WHEN_ALL_ARE_DUE) await database.query(MAKE_ALL_DUE)
      times.push(await timeOf(url + path, cookie))
    }
    const sorted = times.slice(WARM_UP).sort((a, b) => a - b)
    const [median = 0, p95 = 0] = [sorted[REQUESTS / 2], sorted[Math.ceil(REQUESTS * 0.95) - 1]]
    const ok = median < LIMIT_MS
    fast &&= ok
    const figures = [median, p95, LIMIT_MS].map(ms => `${ms.toFixed(0)} ms`.padStart(10)).join(' ')
    console.log(`${path.padEnd(40)} ${figures}  ${ok ? paint('green', 'ok') : paint('red', 'TOO SLOW')}`)
  }
  return fast
}

async function logIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin', password: PASSWORD }),
  })
  const { token } = (await answer.json()) as { token: string }
  return `crat_session=${token}`
}

/** From the request to the last byte of its answer over an open connection on loopback: a bit more than the server takes. */
async function timeOf(url: string, cookie: string): Promise<number> {
  const start = performance.now()
  const answer = await fetch(url, { headers: { cookie } })
  const html = await answer.text()
  const ms = performance.now() - start
  if (!answer.ok || !html.includes('</html>')) throw new Error(`${url} was answered ${answer.status}`)
  return ms
}
