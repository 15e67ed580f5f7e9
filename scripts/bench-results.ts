// Measures what the single tests of a report cost: reads a report of 10,000 tests from a server on loopback, compares
// it with ten earlier runs of as many, writes it down, and reads what pages show of it. `--tests N` chooses another
// size, `--failing N` how many fail in each run.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { connectDatabase, type Database } from '../src/database/client.ts'
import { readReport } from '../src/external/report/index.ts'
import type { RunModel as Run } from '../src/generated/prisma/models.ts'
import type { TestResult } from '../src/lib/test-result.ts'
import { startEmbeddedPostgres } from '../src/postgres/embedded.ts'
import { migrate } from '../src/postgres/migrate.ts'
import { compareWithEarlierRuns } from '../src/test-results/earlier-runs.ts'
import { findReportedTests } from '../src/test-results/reported-tests.ts'
import { saveComparison } from '../src/test-results/save-comparison.ts'
import { listTestResults } from '../src/test-results/test-results.ts'
import { temporaryFolder } from './lib/temporary-folder.ts'

const EARLIER_RUNS = 10

const { values } = parseArgs({
  options: { tests: { type: 'string', default: '10000' }, failing: { type: 'string', default: '100' } },
})
const count = Number(values.tests)
const failing = Number(values.failing)

const folder = await temporaryFolder('crat-bench-')
const postgres = await startEmbeddedPostgres(`${folder}/postgres`, { durable: true })
try {
  await migrate(postgres.url)
  const { db, close } = connectDatabase(postgres.url, 5)
  try {
    await measure(db)
  } finally {
    await close()
  }
} finally {
  await postgres.stop()
}
process.exit()

async function measure(db: Database): Promise<void> {
  console.log(`${count} tests, ${failing} of them failing, ${EARLIER_RUNS} earlier runs`)
  const tests = await timed(
    'read the report (its summary and list, and a file for each of the first 200 that fail)',
    readTests,
  )
  const item = await db.testItem.create({ data: { name: 'cds' } })
  for (let i = 0; i < EARLIER_RUNS; i++) await record(db, await createRun(db, item.id, i), rotate(tests, i))
  const run = await createRun(db, item.id, EARLIER_RUNS)
  const comparison = await timed('compare with the earlier runs', () =>
    compareWithEarlierRuns(db, run, tests),
  )
  await timed('write all of them down', () => db.$transaction(tx => saveComparison(tx, run.id, comparison)))
  await timed('find what the run page shows', () => findReportedTests(db, run.id, 20))
  const page = { limit: 100, offset: 0 }
  await timed('find a page of those that fail', () =>
    listTestResults(db, run.id, { ...page, status: 'failed' }),
  )
  await timed('find the last page of all', () =>
    listTestResults(db, run.id, { ...page, offset: Math.max(0, count - 100) }),
  )
  const [size] = await db.$queryRaw<{ mb: number }[]>`
    SELECT pg_total_relation_size('test_results') / 1e6::float8 AS mb`
  console.log(`${((size?.mb ?? 0) / (EARLIER_RUNS + 1)).toFixed(1)} MB on disk for each run`)
  await timed('delete the run', () => db.run.delete({ where: { id: run.id } }))
}

async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await act()
  console.log(`${(performance.now() - start).toFixed(0).padStart(6)} ms  ${what}`)
  return result
}

/** Two runs of each build; in each other tests fail, so that some are new, some are fixed and some flip. */
function createRun(db: Database, testItemId: number, i: number): Promise<Run> {
  return db.run.create({
    data: {
      ...{ testItemId, itemName: 'cds', jobName: 'CDN/Core', buildNumber: 100 + Math.floor(i / 2) },
      ...{ packagePath: 'CDN/Core', triggeredBy: 'li.wei@example.com', parameters: {} },
      ...{ packageBaseUrl: '', testServerUrl: '', maxQueryHours: 3, queryInterval: 60, queryTimeout: 30 },
      ...{ status: 'COMPLETED', finishedAt: new Date() },
    },
  })
}

async function record(db: Database, run: Run, tests: TestResult[]): Promise<void> {
  const comparison = await compareWithEarlierRuns(db, run, tests)
  await db.$transaction(tx => saveComparison(tx, run.id, comparison))
}

function rotate(tests: TestResult[], by: number): TestResult[] {
  return tests.map((test, i) => {
    const source = tests[(i + by * 10) % tests.length] ?? test
    return { ...source, id: test.id, name: test.name, suite: test.suite }
  })
}

async function readTests(): Promise<TestResult[]> {
  const files: Record<string, string> = {
    '/summary.json': JSON.stringify({ stats: { total: count, failed: failing }, duration: 5 * count }),
    '/widgets/tree.json': JSON.stringify(treeOf()),
  }
  const explained = JSON.stringify({
    error: { message: 'AssertionError: 404 is not 200', trace: 'at a line of code\n'.repeat(400) },
  })
  const server = createServer((request, response) => response.end(files[request.url ?? ''] ?? explained))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const { tests } = await readReport(`http://127.0.0.1:${port}/`)
  server.close()
  server.closeAllConnections()
  if (tests?.length !== count) throw new Error(`read ${tests?.length} tests`)
  return tests
}

/** As Allure 3 writes it. */
function treeOf() {
  const resultIds = Array.from({ length: count }, (_, i) => `${i}`.padStart(32, '0'))
  const leaves = resultIds.map((nodeId, i) => ({
    ...{ nodeId, id: `${`${i}`.padStart(32, 'a')}.d41d8cd98f00b204e9800998ecf8427e` },
    ...{ name: `test_delivers_the_whole_file[${i}]`, status: i < failing ? 'failed' : 'passed' },
    ...{ duration: 5, flaky: false, retry: false, retriesCount: 0, start: 1748487222908, groupOrder: i },
  }))
  return {
    root: { groups: ['live'], leaves: [] },
    groupsById: { live: { nodeId: 'live', name: 'tests/delivery/live.py', leaves: resultIds } },
    leavesById: Object.fromEntries(leaves.map(leaf => [leaf.nodeId, leaf])),
  }
}
