import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { QueryResultRow } from 'pg'
import { makeDemoBuild } from '../../neighbours/demo-build.ts'
import { type Neighbours, type NeighboursOptions, startNeighbours } from '../../neighbours/index.ts'
import { ApiClient } from '../../world/api-client.ts'
import { ADMIN_PASSWORD, CORE, coreBuild, LI_WEI } from '../../world/people.ts'
import { type CratProcess, createCratProcess, type Role } from './crat-process.ts'
import { type Line, openLine } from './line.ts'
import { type FaultyPostgres, query } from './postgres.ts'

export * from './crat-process.ts'
export type { FaultyPostgres } from './postgres.ts'

/** Real CRAT processes on a database of their own, among neighbours that are reached over lines. */
export interface FaultWorld {
  postgres: FaultyPostgres
  databaseUrl: string
  dataDir: string
  neighbours: Neighbours
  lines: { packages: Line; tests: Line; mails: Line }
  /** The test item's id. */
  cds: number
  /** Starts a process and waits until it is ready. */
  open(role: Role, env?: Record<string, string>): Promise<CratProcess>
  /** The first that serves people: Li Wei, the admin, and nobody in particular. */
  liWei: ApiClient
  admin: ApiClient
  anyone: ApiClient
  web: CratProcess
  /** Leaves a build of `padding` bytes on the package server and announces it; says its id. */
  buildCore(number: number, padding?: number): Promise<number>
  trigger(input?: object): Promise<number>
  sql<T extends QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>
  close(): Promise<void>
}

export interface FaultWorldOptions {
  /** Of the process that serves people. Default `web`. */
  role?: Role
  env?: Record<string, string>
  neighbours?: NeighboursOptions
  /** Default: a figure that makes runs short. */
  settings?: Record<string, unknown>
}

export async function openFaultWorld(
  postgres: FaultyPostgres,
  { role = 'web', env = {}, neighbours: wanted, settings = {} }: FaultWorldOptions = {},
): Promise<FaultWorld> {
  const cleanUp = new AsyncDisposableStack()
  opened.add(cleanUp)
  const dataDir = await mkdtemp(join(tmpdir(), 'crat-fault-'))
  cleanUp.defer(() => rm(dataDir, { recursive: true, force: true }))
  const database = await postgres.createDatabase()
  cleanUp.defer(database.drop)
  const neighbours = await startNeighbours({ testServer: { canned: true, minPhaseMs: 0 }, ...wanted })
  cleanUp.defer(neighbours.close)
  const lineTo = async (port: number) => {
    const line = await openLine(port)
    cleanUp.defer(line.close)
    return line
  }
  const portOf = ({ url }: { url: string }) => Number(new URL(url).port)
  const lines = {
    packages: await lineTo(portOf(neighbours.packageServer)),
    tests: await lineTo(portOf(neighbours.testServer)),
    mails: await lineTo(neighbours.mailSink.port),
  }

  const open = async (role: Role, more: Record<string, string> = {}) => {
    const crat = createCratProcess(role, dataDir, {
      ...{ DATABASE_URL: database.url, PUBLIC_URL: 'http://crat.example' },
      ...{ ADMIN_PASSWD: ADMIN_PASSWORD, JWT_SECRET: 'only for tests, only for tests' },
      ...{ EMAIL_SEND_SERVER: '127.0.0.1', EMAIL_SEND_SERVER_PORT: `${lines.mails.port}` },
      ...{ EMAIL_SEND_FROM: 'crat@example.com', ALLOW_WEAK_SECRETS: 'true' },
      ...env,
      ...more,
    })
    processes.push(crat)
    cleanUp.defer(async () => void (await crat.end('SIGKILL')))
    await crat.start()
    return crat
  }

  const web = await open(role)
  const anyone = new ApiClient(web.url())
  const admin = await anyone.logIn('admin', ADMIN_PASSWORD)
  const liWei = await anyone.logIn(LI_WEI)
  const { status, body } = await admin.put('/settings', {
    package_download_base_url: lines.packages.url,
    external_test_server_url: lines.tests.url,
    query_interval: 0.1,
    ...settings,
  })
  assert.equal(status, 200, body.error)
  const item = await admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
  const cds: number = item.body.data.id

  return {
    ...{
      postgres,
      databaseUrl: database.url,
      dataDir,
      neighbours,
      lines,
      cds,
      open,
      liWei,
      admin,
      anyone,
      web,
    },
    sql: (text, values) => query(database.url, text, values),
    async buildCore(number, padding = 0) {
      const { packagePath } = await makeDemoBuild(neighbours.packageServer.root, {
        commit: `c54239ed${number}`,
        padding,
      })
      const answer = await anyone.post('/builds', coreBuild(number, { PACKAGE_PATH: packagePath }))
      assert.equal(answer.status, 201, answer.body.error)
      return answer.body.data.id
    },
    async trigger(input = {}) {
      const answer = await liWei.post(`/test-items/${cds}/deploy-test`, input)
      assert.equal(answer.status, 200, answer.body.error)
      return answer.body.data.run_id
    },
    close: () => cleanUp.disposeAsync(),
  }
}

const opened = new Set<AsyncDisposableStack>()
const processes: CratProcess[] = []
const PINO_ERROR = 50

/** The last errors that CRAT logged since the last call: they often say why a case failed. */
export function takeLoggedErrors(most = 5): string[] {
  const lines = processes.splice(0).flatMap(crat => crat.lines.filter(({ level }) => level >= PINO_ERROR))
  return lines.slice(-most).map(line => JSON.stringify(line).slice(0, 1_000))
}

/** Takes down what a case left open, because it failed or was cut short. */
export async function closeFaultWorlds(): Promise<void> {
  for (const cleanUp of opened) await cleanUp.disposeAsync()
  opened.clear()
}

/** Asks until it is so; fails with what is not so when the time is over. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 25,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > deadline) assert.fail(`not within ${withinMs} ms: ${what}`)
    await pause(everyMs)
  }
}
