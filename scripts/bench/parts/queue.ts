import type { Bench, Part } from '../bench.ts'
import { query } from '../databases.ts'
import { atMost } from '../figures.ts'
import { runInWorker } from '../in-worker.ts'
import type { Server } from '../server.ts'
import { BUSY_ITEM } from '../sizes.ts'
import type { PageTimes } from '../workers/page-times.ts'
import type { ScheduleTimes } from '../workers/schedule-times.ts'
import { WITHOUT_WORK } from './lists.ts'

const ENVIRONMENTS = 50
const WAITING = 1_000
const LIMIT_MS = 100
const WARM_UP = 20

/** All but the last are busy, and no run fits the last one: each choice has to look at the whole queue. */
const ENVIRONMENT_ROWS = `
  DELETE FROM deploy_test_runs WHERE finished_at IS NULL;
  INSERT INTO environments (name, test_server_url, labels)
  SELECT format('rack-%s', i), format('http://rack-%s.example', i),
    CASE WHEN i = ${ENVIRONMENTS - 1} THEN ARRAY['windows'] ELSE ARRAY['linux', format('site-%s', i % 5)] END
  FROM generate_series(1, ${ENVIRONMENTS - 1}) i;
  UPDATE deploy_test_runs SET environment_id = 1 + id % ${ENVIRONMENTS}, environment_name = 'rack';
  INSERT INTO run_environments (run_id, attempt, environment_id, environment_name, test_server_url, status, started_at,
    ended_at, released_at)
  SELECT id, 1, environment_id, 'rack', '', status, started_at, finished_at, finished_at FROM deploy_test_runs`

const RUN_ROWS = (rows: string) => `
  INSERT INTO deploy_test_runs (test_item_id, triggered_by, item_name, job_name, build_number, package_path, parameters,
    package_base_url, test_server_url, max_query_hours, query_interval, query_timeout, status, environment_labels,
    environment_id, environment_name, started_at, created_at, updated_at)
  SELECT item.id, format('person-%s@example.com', i % 40), item.name, coalesce(item.associated_job_name, ''), i, '/build',
    '{"service_name": "CDS"}', '', '', 3, 60, 30, ${rows}, now(), now()
  FROM test_items item JOIN generate_series(1, 5000) i ON item.id = 1 + i % 300`

const ACTIVE_ROWS = `
  ${RUN_ROWS(`'MONITORING', '{}', i, format('rack-%s', i - 1), now() - interval '2 minutes'`)}
  WHERE i < ${ENVIRONMENTS};
  INSERT INTO run_environments (run_id, attempt, environment_id, environment_name, test_server_url, status)
  SELECT id, 1, environment_id, environment_name, '', status FROM deploy_test_runs WHERE status = 'MONITORING'`

const WAITING_ROWS = `
  ${RUN_ROWS(`'PENDING', ARRAY['linux', format('site-%s', i % 5)], NULL, NULL, NULL`)}
  WHERE i <= ${WAITING}`

export const queue: Part = {
  name: 'queue',
  about: `pages and the choice of the next run with ${ENVIRONMENTS} environments and ${WAITING} waiting runs`,
  async measure(bench) {
    const databaseUrl = await bench.databases.create(await bench.filledDatabase('big'))
    for (const sql of [ENVIRONMENT_ROWS, ACTIVE_ROWS, WAITING_ROWS, 'ANALYZE']) await query(databaseUrl, sql)
    const server = await bench.startServer(databaseUrl, WITHOUT_WORK)
    const empty = bench.startProgram<string>('empty-server.ts')
    for (const asked of await pathsOf(databaseUrl)) await measurePath(bench, asked, server, await empty.said)
    await measureChoice(bench, databaseUrl)
  },
}

interface Asked {
  name: string
  path: string
}

async function pathsOf(databaseUrl: string): Promise<Asked[]> {
  const [run] = await query<{ waiting: number; active: number }>(
    databaseUrl,
    `SELECT max(id) FILTER (WHERE status = 'PENDING') AS waiting, max(id) FILTER (WHERE status = 'MONITORING') AS active
     FROM deploy_test_runs`,
  )
  const pages = [
    '/environments',
    '/environments/2',
    '/runs',
    '/runs?status=PENDING',
    '/tests',
    `/tests/${BUSY_ITEM}`,
  ]
  const lists = ['/environments', '/deploy-test-runs/queue', '/deploy-test-runs?limit=100'].map(
    path => `/api/v1${path}`,
  )
  const ofRun = (state: string, id = 0) => [
    { name: `/runs/:id, ${state}`, path: `/runs/${id}` },
    { name: `/api/v1/deploy-test-runs/:id, ${state}`, path: `/api/v1/deploy-test-runs/${id}` },
  ]
  const plain = (path: string) => ({ name: path, path })
  return [
    ...[...pages, ...lists].map(plain),
    ...ofRun('waiting', run?.waiting),
    ...ofRun('active', run?.active),
  ]
}

async function measurePath(
  bench: Bench,
  { name, path }: Asked,
  { url, cookie, bearer }: Server,
  empty: string,
) {
  const page = { url, path, headers: path.startsWith('/api/') ? bearer : cookie }
  const [first] = await runInWorker<PageTimes>('page-times.ts', { pages: [page], warmUp: 0, requests: 1 })
  const [machine, ours] = await runInWorker<PageTimes>('page-times.ts', {
    ...{ warmUp: WARM_UP, requests: bench.pace.requests },
    pages: [{ url: empty, path: `/${first?.bytes}`, headers: {} }, page],
  })
  const ms = ours?.ms ?? null
  bench.record({ name, unit: 'ms', machine: machine?.ms, ours: ms, target: atMost(LIMIT_MS, 'ms', ms) })
}

/** What each worker does when an environment has become free. */
async function measureChoice(bench: Bench, databaseUrl: string): Promise<void> {
  const plan = { databaseUrl, warmUp: WARM_UP, times: bench.pace.requests }
  const ms = await runInWorker<ScheduleTimes>('schedule-times.ts', plan)
  bench.record({ name: 'choice of the next run', unit: 'ms', ours: ms, target: atMost(LIMIT_MS, 'ms', ms) })
}
