import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { findProcesses, killProcesses } from '../../../src/test-server/processes/cookie.ts'
import { type MailSink, startMailSink } from '../../../test/neighbours/mail-sink.ts'
import { type PackageServer, startPackageServer } from '../../../test/neighbours/package-server.ts'
import { freePort, startCrat, untilAnswers } from '../crat.ts'
import { type CratClient, logIn, type ShownRun } from '../crat-client.ts'
import { mailEnvironment } from '../demo-world.ts'
import { type RunningProcess, startProcess } from '../processes.ts'

const TEST_SERVER = fileURLToPath(new URL('../../../src/test-server/main.ts', import.meta.url))
const ADMIN_PASSWORD = 'only for the proof, only for the proof'
const PERSON = 'li.wei@example.com'
const ENDED = ['COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED']

/** CRAT, a test server in a process of its own, and what both talk to. */
export interface ProofWorld {
  folder: string
  cratUrl: string
  person: CratClient
  packageServer: PackageServer
  mailSink: MailSink
  testServer: ProofTestServer
  /** Makes a test item with its parameters; answers its id. */
  addItem(name: string, job: string, parameters: object): Promise<number>
  /** Announces a build and triggers a run of it; answers the run's id. */
  testBuild(itemId: number, job: string, packagePath: string): Promise<number>
  untilEnded(runId: number): Promise<ShownRun>
  close(): Promise<void>
}

export interface ProofTestServer {
  url: string
  dataDir: string
  kill(): void
  start(): Promise<void>
  /** Of this server, still running; `part` is the name of a service. */
  processes(part: string): Promise<number[]>
}

export async function startProofWorld(
  folder: string,
  services: object[],
  signal: AbortSignal,
): Promise<ProofWorld> {
  const cleanUp = new AsyncDisposableStack()
  const packages = join(folder, 'packages')
  for (const path of [packages, join(folder, 'mails'), join(folder, 'crat')])
    await mkdir(path, { recursive: true })
  const packageServer = await startPackageServer(packages)
  cleanUp.defer(packageServer.close)
  const mailSink = await startMailSink({ folder: join(folder, 'mails') })
  cleanUp.defer(mailSink.close)
  const testServer = await startTestServer(folder, services, cleanUp)
  const crat = startCrat({
    dataDir: join(folder, 'crat'),
    port: await freePort(0),
    env: { ...mailEnvironment({ mailSink }), ADMIN_PASSWD: ADMIN_PASSWORD, LOG_LEVEL: 'warn' },
  })
  cleanUp.defer(crat.stop)
  await crat.ready(signal)
  const admin = await logIn(crat.url, { email: 'admin', password: ADMIN_PASSWORD })
  await admin.put('/settings', {
    package_build_info_base_url: packageServer.url,
    package_download_base_url: packageServer.url,
    external_test_server_url: testServer.url,
    query_interval: 1,
  })
  const person = await logIn(crat.url, { email: PERSON })
  let builds = 0
  return {
    ...{ folder, cratUrl: crat.url, person, packageServer, mailSink, testServer },
    async addItem(name, job, parameters) {
      await admin.post('/builds/job-names', { job_name: job })
      const set = await admin.post<{ data: { id: number } }>('/parameter-sets', { name, parameters })
      const item = await admin.post<{ data: { id: number } }>('/test-items', {
        ...{ name, associated_job_name: job, associated_parameter_set_id: set.data.id },
      })
      return item.data.id
    },
    async testBuild(itemId, job, packagePath) {
      builds += 1
      const fields = { BUILD_USER: 'jenkins', JOB_NAME: job, PACKAGE_PATH: packagePath, BUILD_NUMBER: builds }
      const build = await admin.post<{ data: { id: number } }>('/builds', fields)
      const run = await person.post<{ data: { run_id: number } }>(`/test-items/${itemId}/deploy-test`, {
        build_info_id: build.data.id,
      })
      return run.data.run_id
    },
    async untilEnded(runId) {
      for (;;) {
        signal.throwIfAborted()
        const { data } = await person.get<{ data: ShownRun }>(`/deploy-test-runs/${runId}`)
        if (ENDED.includes(data.status)) return data
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    },
    close: () => cleanUp.disposeAsync(),
  }
}

async function startTestServer(
  folder: string,
  services: object[],
  cleanUp: AsyncDisposableStack,
): Promise<ProofTestServer> {
  const port = await freePort(0)
  const url = `http://127.0.0.1:${port}`
  const [config, dataDir, logFile] = ['services.yaml', 'test-server', 'test-server.log'].map(name =>
    join(folder, name),
  )
  if (!config || !dataDir || !logFile) throw new Error('Paths are missing')
  await mkdir(dataDir, { recursive: true })
  await writeFile(config, stringify({ services }))
  const args = ['--disable-warning=ExperimentalWarning', TEST_SERVER, '--config', config]
  let running: RunningProcess
  const start = async () => {
    running = startProcess(process.execPath, [...args, '--data-dir', dataDir, '--port', `${port}`], {
      logFile,
    })
    await untilAnswers(`${url}/health`, running, 'The test server')
  }
  const instance = () => readFile(join(dataDir, 'instance'), 'utf8')
  await start()
  cleanUp.defer(async () => {
    await running.stop()
    await killProcesses(await instance())
  })
  return {
    ...{ url, dataDir, start },
    kill: () => process.kill(running.pid, 'SIGKILL'),
    processes: async part => await findProcesses(`${await instance()}/${part}/`),
  }
}
