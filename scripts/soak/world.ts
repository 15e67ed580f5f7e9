import { mkdir } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { type ChatNeighbour, SECRET, startChatServices } from '../../test/neighbours/chat/index.ts'
import { makePackage } from '../../test/neighbours/demo-build.ts'
import type { HttpNeighbour } from '../../test/neighbours/http-neighbour.ts'
import { type Neighbours, startNeighbours } from '../../test/neighbours/index.ts'
import { startTestServer } from '../../test/neighbours/test-server.ts'
import { bundleCrat, type Crat, freePort, startCrat, tail } from '../lib/crat.ts'
import { type CratClient, logIn } from '../lib/crat-client.ts'
import { mailEnvironment } from '../lib/demo-world.ts'

export interface SoakWorld {
  folder: string
  databaseUrl: string
  /** One for people, two for runs. */
  processes: { name: string; crat: Crat }[]
  web: string
  admin: CratClient
  /** One for each job, in the order of JOBS; the last one's builds have no package. */
  itemIds: number[]
  neighbours: Neighbours
  racks: HttpNeighbour[]
  chat: ChatNeighbour
}

const PASSWORD = 'only for the soak, only for the soak'
const RACKS = [
  { name: 'rack-1', protocol: 2, labels: ['x86'] },
  { name: 'rack-2', protocol: 2, labels: ['x86', 'gpu'] },
  { name: 'rack-3', protocol: 1, labels: ['arm'] },
] as const

export const JOBS = Array.from({ length: 12 }, (_, i) => `Soak/Job-${i + 1}`)
/** A job's builds lie in so many folders, in turns. */
const FOLDERS = 5

/** A quarter of an hour stands for what is kept for months: what goes in must come out again. */
const KEEP_DAYS = 0.01
const SETTINGS = {
  ...{ project_name: 'Soak', query_interval: 0.5, auto_sync_interval_hours: 0.05 },
  // Folders of reports whose run has gone stay for two hours, so reports go before their runs.
  ...{ keep_runs_days: 2 * KEEP_DAYS, keep_logs_days: KEEP_DAYS, keep_reports_days: KEEP_DAYS },
  ...{ keep_builds_days: KEEP_DAYS, keep_mails_days: KEEP_DAYS, keep_audit_days: KEEP_DAYS },
}

export async function openSoakWorld(
  folder: string,
  onCleanUp: (cleanUp: () => Promise<void>) => void,
  signal: AbortSignal,
): Promise<SoakWorld> {
  const neighbours = await startNeighbours({ folder: join(folder, 'neighbours') })
  onCleanUp(neighbours.close)
  const chat = await startChatServices()
  onCleanUp(chat.close)
  const racks = await startRacks(folder, neighbours, onCleanUp)
  const postgres = await startEmbeddedPostgres(join(folder, 'postgres'))
  onCleanUp(() => postgres.stop())

  const command = bundleCrat()
  const dataDir = join(folder, 'crat')
  await mkdir(dataDir)
  const env = { ...environmentOf(postgres.url), ...mailEnvironment(neighbours) }
  const processes: SoakWorld['processes'] = []
  // One after the other: the first one makes the tables.
  for (const [name, role] of Object.entries({ web: 'web', 'worker 1': 'worker', 'worker 2': 'worker' })) {
    const crat = startCrat({ dataDir, port: await freePort(0), env: { ...env, ROLE: role }, command })
    onCleanUp(crat.stop)
    await crat.ready(signal).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await tail(crat.logFile)}`)
    })
    processes.push({ name, crat })
  }
  const web = processes[0]?.crat.url ?? ''
  const admin = await logIn(web, { email: 'admin', password: PASSWORD })
  const itemIds = await furnish(admin, { neighbours, racks, chat })
  return { folder, databaseUrl: postgres.url, processes, web, admin, itemIds, neighbours, racks, chat }
}

function environmentOf(databaseUrl: string): Record<string, string> {
  return {
    ...{ DATABASE_URL: databaseUrl, PUBLIC_URL: 'http://crat.example', LOG_LEVEL: 'warn' },
    ...{ ADMIN_PASSWD: PASSWORD, JWT_SECRET: 'only for the soak, only for the soak' },
    CLEAN_UP_SCHEDULE: '*/2 * * * *',
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    // So few that they go and are fetched again.
    PACKAGE_KEEP_GB: '0.0005',
  }
}

async function startRacks(
  folder: string,
  { reportServer }: Neighbours,
  onCleanUp: (cleanUp: () => Promise<void>) => void,
): Promise<HttpNeighbour[]> {
  const racks: HttpNeighbour[] = []
  for (const { name, protocol } of RACKS) {
    const server = await startTestServer({
      ...{ workDir: join(folder, name), reportDir: reportServer.root, reportBaseUrl: reportServer.url },
      ...{ protocol, strict: false, canned: true, minPhaseMs: 300 },
    })
    onCleanUp(server.close)
    racks.push(server)
  }
  return racks
}

type Peers = Pick<SoakWorld, 'neighbours' | 'racks' | 'chat'>

/** What admins of a company set up: environments, items that start by themselves too, channels, an alert. */
async function furnish(admin: CratClient, { neighbours, racks, chat }: Peers): Promise<number[]> {
  const packages = neighbours.packageServer
  await admin.put('/settings', {
    ...SETTINGS,
    package_build_info_base_url: packages.url,
    package_download_base_url: packages.url,
    external_test_server_url: racks[0]?.url,
  })
  for (const [i, { name, labels }] of RACKS.entries())
    await admin.post('/environments', { name, labels, test_server_url: racks[i]?.url })
  await admin.put('/environments/1', { state: 'paused' })
  for (const kind of ['slack', 'dingtalk', 'wecom', 'feishu', 'webhook'] as const) {
    const events = ['failed', 'passed', 'unknown', 'error', 'recovered', 'queued_long', 'environment']
    await admin.post('/channels', { name: kind, kind, url: chat.addressOf(kind), secret: SECRET, events })
  }
  await admin.post('/alert-rules', { name: 'quality', kind: 'pass_rate', threshold: 99, channel_ids: [1] })
  const { data: set } = await admin.post<Created>('/parameter-sets', {
    ...{ name: 'nightly', parameters: { install_dir: '/opt/soak', upgrade_type: 'full' } },
  })
  const ids: number[] = []
  for (const [i, job] of JOBS.entries()) {
    const name = `item${i + 1}`
    if (i < JOBS.length - 1) await makePackages(packages.root, job, name)
    const { data: item } = await admin.post<Created>('/test-items', {
      ...{ name, associated_job_name: job, associated_parameter_set_id: set.id },
      ...{ trigger_on_build: i === 0, schedule: i === 1 ? '*/3 * * * *' : '', infrastructure_retries: 1 },
      environment_labels: i === 2 ? ['gpu'] : i === 3 ? ['arm'] : [],
    })
    ids.push(item.id)
  }
  return ids
}

interface Created {
  data: { id: number }
}

async function makePackages(root: string, job: string, item: string): Promise<void> {
  for (let i = 0; i < FOLDERS; i += 1) {
    const folder = join(root, packagePathOf(job, i))
    await mkdir(folder, { recursive: true })
    const name = `${item}-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz`
    await makePackage(join(folder, name), { padding: 20_000 })
  }
}

export const packagePathOf = (job: string, build: number) => `build/${job}/${build % FOLDERS}`
