import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { makeDemoBuild } from '../../../test/neighbours/demo-build.ts'
import type { HttpNeighbour } from '../../../test/neighbours/http-neighbour.ts'
import { type Neighbours, startNeighbours } from '../../../test/neighbours/index.ts'
import { startTestServer } from '../../../test/neighbours/test-server.ts'
import { ApiClient } from '../../../test/world/api-client.ts'
import { ADMIN_PASSWORD, CORE, coreBuild, LI_WEI, WANG_FANG } from '../../../test/world/people.ts'

/** The test of upgrades starts CRAT with the same secrets. */
export const RELEASE_ENVIRONMENT = {
  ...{ ADMIN_PASSWD: ADMIN_PASSWORD, JWT_SECRET: 'only for tests, only for tests' },
  ...{ ALLOW_WEAK_SECRETS: 'true', LOG_LEVEL: 'warn' },
}

export interface Peers {
  neighbours: Neighbours
  /** Its tasks never end. */
  endless: HttpNeighbour
  close(): Promise<void>
}

export async function startPeers(): Promise<Peers> {
  const neighbours = await startNeighbours({ testServer: { protocol: 2, strict: false, canned: true } })
  const { root, url } = neighbours.reportServer
  const endless = await startTestServer({
    ...{ workDir: join(root, '../endless'), strict: false, reportDir: root, reportBaseUrl: url },
    async work(_submission, { enter, signal }) {
      await enter('running:test')
      await sleep(2 ** 31 - 1, undefined, { signal })
      throw new Error('a task has ended that never ends')
    },
  })
  return {
    ...{ neighbours, endless },
    async close() {
      await endless.close()
      await neighbours.close()
    },
  }
}

/** What people of a small team leave behind, through the API. */
export async function fillByApi(url: string, peers: Peers): Promise<void> {
  const anyone = new ApiClient(url)
  const admin = await anyone.logIn('admin', ADMIN_PASSWORD)
  await anyone.post('/auth/login', { email: 'admin', password: 'wrong' })
  await setUp(url, admin, peers)
  const liWei = await anyone.logIn(LI_WEI)
  const wangFang = await anyone.logIn(WANG_FANG)
  await announce(anyone, peers, 101)
  await run(liWei)
  await announce(anyone, peers, 102)
  await run(wangFang, { build_info_id: 2 })
  await leaveRunsOpen({ admin, liWei, wangFang }, peers)
}

async function setUp(url: string, admin: ApiClient, { neighbours }: Peers): Promise<void> {
  await expectOk(
    admin.put('/settings', {
      project_name: 'CDN',
      package_download_base_url: neighbours.packageServer.url,
      external_test_server_url: neighbours.testServer.url,
      query_interval: 0.1,
    }),
  )
  const parameters = { install_dir: '/opt/cds', db_password: 'open sesame' }
  const set = await expectOk(admin.post('/parameter-sets', { name: 'nightly', parameters }))
  const item = { name: 'cds', associated_job_name: CORE, associated_parameter_set_id: set.data.id }
  await expectOk(admin.post('/test-items', item))
  await expectOk(admin.post('/test-items', { name: 'edge', description: 'Edge cache' }))
  await setUpWhatIsNewer(url, admin)
}

/** A .tgz with the file tests/run.py. */
const BUNDLE = Buffer.from(
  'H4sIAAAAAAAAA+3RTQrCMBCG4aw9RU6g+Zv2PC5cCUaS6cLb28aNdNGCEER8n82ESSAffHqpWk+mKzcbRdqcrWc7e/FBYkxp2Xs3+mis9I31MlU9F2tNyVm33u3d/yht/Zfpdrw/ev2xFDyktNF/XPUf3BCMdb0Cvfvz/vP18O0IAAAAAAAAAAAAAAAAAD70BO+WmzEAKAAA',
  'base64',
)

/** What the first releases do not know: they answer 404. */
async function setUpWhatIsNewer(url: string, admin: ApiClient): Promise<void> {
  await admin.post('/tokens', { name: 'jenkins', scopes: ['webhook'] })
  await admin.post('/environments', {
    ...{ name: 'rack-1', test_server_url: 'http://rack-1.example:59996', state: 'paused' },
    ...{ labels: ['linux', 'gpu'], token: 's3cret of rack-1' },
  })
  await fetch(`${url}/api/v1/script-bundles/cds-tests`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${admin.token}` },
    body: BUNDLE,
  })
}

async function announce(anyone: ApiClient, { neighbours }: Peers, number: number): Promise<void> {
  const { root } = neighbours.packageServer
  const { packagePath } = await makeDemoBuild(root, { commit: `c54239ed${number}` })
  await expectOk(anyone.post('/builds', coreBuild(number, { PACKAGE_PATH: packagePath })))
}

async function run(who: ApiClient, input: object = {}): Promise<void> {
  const id = await trigger(who, input)
  const { status, error_message } = await who.untilFinished(id)
  if (status !== 'COMPLETED') throw new Error(`run ${id} is ${status}: ${error_message}`)
}

async function trigger(who: ApiClient, input: object = {}): Promise<number> {
  return (await expectOk(who.post('/test-items/1/deploy-test', input))).data.run_id
}

async function leaveRunsOpen(
  { admin, liWei, wangFang }: Record<'admin' | 'liWei' | 'wangFang', ApiClient>,
  { endless }: Peers,
): Promise<void> {
  await expectOk(admin.put('/settings', { external_test_server_url: endless.url }))
  const active = await trigger(liWei)
  await liWei.untilRun(active, ({ status }) => status === 'MONITORING')
  await trigger(wangFang, { build_info_id: 1 })
}

async function expectOk(asked: ReturnType<ApiClient['get']>) {
  const { status, body } = await asked
  if (status >= 300) throw new Error(`answered ${status}: ${body.error}`)
  return body
}

/** Where only a browser, a clock or a load test leaves a row. What a release does not know of it is left out. */
const REST: Record<string, object> = {
  login_links: {
    token_hash: '5f70bf18',
    browser_hash: 'c2b1',
    email: LI_WEI,
    next: '',
    expires_at: '2100-01-01',
  },
  load_points: {
    ...{ run_id: 1, position: 0, nth: 0, t: 5, users_planned: 10, users: 10, rps: 42, errors: 0 },
    received_at: '2026-11-22',
  },
  timetable: { name: 'expired sessions', taken_for: '2026-11-22' },
  used_codes: { step: 58_000_000 },
}

export async function fillRest(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  for (const [table, row] of Object.entries(REST)) {
    const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS known', [table])
    const insert = `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1) ON CONFLICT DO NOTHING`
    if (rows[0].known) await client.query(insert, [JSON.stringify(row)])
  }
  await client.end()
}
