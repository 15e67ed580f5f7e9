import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { readConfig } from '../../src/config.ts'
import { type Crat, startCrat } from '../../src/crat.ts'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { type Neighbours, type NeighboursOptions, startNeighbours } from '../neighbours/index.ts'
import { ApiClient } from './api-client.ts'
import { ADMIN_PASSWORD, CORE, coreBuild, LI_WEI } from './people.ts'

export * from './api-client.ts'
export * from './people.ts'

/** A CRAT of a test's own: its own database, folder and port. */
export interface World {
  crat: Crat
  url: string
  dataDir: string
  databaseUrl: string
  /** Without anyone's name. */
  anyone: ApiClient
  admin: ApiClient
  liWei: ApiClient
  logIn(email: string, password?: string): Promise<ApiClient>
}

export interface WorldOptions {
  /** As in the environment: `{ WEBHOOK_TOKEN: '…' }`. */
  env?: Record<string, string>
}

/** Starts one for the test file that calls it, and takes it down after its last test. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const database = await createDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'crat-world-'))
  const world = await openWorld(dataDir, database.url, options)
  // After it has stopped: what runs while its database goes waits for it to come back.
  after(async () => {
    await rm(dataDir, { recursive: true, force: true })
    await database.drop()
  })
  return world
}

/** Another process' worth of CRAT on the same database and folder. */
export async function openWorld(
  dataDir: string,
  databaseUrl: string,
  { env = {} }: WorldOptions,
): Promise<World> {
  const config = readConfig({
    ...{ PORT: '0', HOST: '127.0.0.1', PUBLIC_URL: 'http://crat.example', LOG_LEVEL: 'silent' },
    ...{ ADMIN_PASSWD: ADMIN_PASSWORD, JWT_SECRET: 'only for tests, only for tests' },
    ...{ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, ALLOW_WEAK_SECRETS: 'true' },
    ...env,
  })
  const secrets = {
    jwtSecret: config.jwtSecret ?? '',
    adminPassword: ADMIN_PASSWORD,
    newAdminPassword: false,
  }
  const crat = await startCrat(config, secrets)
  after(() => crat.stop())
  const url = `http://127.0.0.1:${crat.port}`
  const anyone = new ApiClient(url)
  const logIn = (email: string, password?: string) => anyone.logIn(email, password)
  const worker = config.role === 'worker' || config.loginMode !== 'email'
  return {
    ...{ crat, url, dataDir, databaseUrl, anyone, logIn },
    admin: worker ? anyone : await logIn('admin', ADMIN_PASSWORD),
    liWei: worker ? anyone : await logIn(LI_WEI),
  }
}

/** A world whose settings point at its neighbours, with the test item `cds` of the job CDN/Core. */
export interface WorkingWorld extends World {
  neighbours: Neighbours
  /** The test item's id. */
  cds: number
  /** Leaves a build with its packages on the package server and announces it as Jenkins does; says its id. */
  buildCore(number?: number): Promise<number>
  /** Says the run's id. */
  trigger(who?: ApiClient, input?: object): Promise<number>
}

export async function startWorkingWorld(
  options: WorldOptions & { neighbours?: NeighboursOptions } = {},
): Promise<WorkingWorld> {
  const neighbours = await startNeighbours({
    testServer: { canned: true, minPhaseMs: 0 },
    ...options.neighbours,
  })
  after(() => neighbours.close())
  const world = await startWorld({ env: { ...mailEnvironment(neighbours), ...options.env } })
  await world.admin.put('/settings', {
    package_download_base_url: neighbours.packageServer.url,
    external_test_server_url: neighbours.testServer.url,
    query_interval: 0.1,
  })
  const item = await world.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
  const cds: number = item.body.data.id
  return {
    ...world,
    neighbours,
    cds,
    async buildCore(number = 101) {
      const { packagePath } = await makeDemoBuild(neighbours.packageServer.root, {
        commit: `c54239ed${number}`,
      })
      const { body } = await world.anyone.post('/builds', coreBuild(number, { PACKAGE_PATH: packagePath }))
      if (options.env?.ROLE !== 'web') await untilLooked(world, body.data.id)
      return body.data.id
    },
    async trigger(who = world.liWei, input = {}) {
      const { status, body } = await who.post(`/test-items/${cds}/deploy-test`, input)
      assert.equal(status, 200, body.error)
      return body.data.run_id
    },
  }
}

/** The look at a new build's directory must not meet what a test has the package server answer. */
async function untilLooked({ crat: { ctx } }: World, id: number): Promise<void> {
  const isLooked = async () => (await ctx.db.build.findUniqueOrThrow({ where: { id } })).packageCheckedAt
  while (ctx.packageWatch.unavailableUntil < Date.now() && !(await isLooked())) await pause(10)
}

export function mailEnvironment({ mailSink }: Neighbours): Record<string, string> {
  return {
    EMAIL_SEND_SERVER: '127.0.0.1',
    EMAIL_SEND_SERVER_PORT: `${mailSink.port}`,
    EMAIL_SEND_FROM: 'crat@example.com',
  }
}

interface TestDatabase {
  url: string
  drop(): Promise<void>
}

async function createDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run this test with ./scripts/test FILE')
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE crat`)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`) }
}

async function onServer(server: string, sql: string): Promise<void> {
  // Not on the template itself: it cannot be copied while someone is connected to it.
  const url = new URL(server)
  url.pathname = 'postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
