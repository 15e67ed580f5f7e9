import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import { freePort } from '../../src/postgres/free-port.ts'
import { readTextIfAny } from '../../src/test-server/files/atomic-file.ts'
import { findProcesses, killProcesses } from '../../src/test-server/processes/cookie.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { makeServicePackage, type ServicePackage } from './service-package.ts'

// A task as the protocol shows it: the tests say what they expect of it.
// biome-ignore lint/suspicious/noExplicitAny: answers of the protocol, checked by the tests themselves
export type Shown = any

export interface ServerWorld {
  folder: string
  installDir: string
  configFile: string
  dataDir: string
  port: number
  server: ServerProcess
  /** Writes the configuration anew. */
  configure(service?: object, more?: object[]): Promise<void>
  /** Starts the program again. */
  restart(): Promise<void>
  call(method: string, path: string, init?: RequestInit): Promise<{ status: number; body: Shown }>
  /** Makes a package and says where it lies. */
  pack(wanted: ServicePackage): Promise<string>
  submit(fields?: object, key?: string): Promise<string>
  /** Submits and waits for the end. */
  deploy(wanted: ServicePackage, fields?: object): Promise<Shown>
  untilOver(taskId: string): Promise<Shown>
  untilStatus(taskId: string, wanted: (status: string) => boolean): Promise<Shown>
  logOf(taskId: string): Promise<string>
  untilLog(taskId: string, words: string): Promise<void>
  /** The version that answers now; null where none does. */
  version(): Promise<string | null>
  /** Processes that this server has started and that still run. */
  processes(part?: string): Promise<number[]>
}

export interface ServerWorldOptions {
  service?: object
  more?: object[]
  args?: string[]
  env?: Record<string, string>
}

/** A test server in a process of its own with a service `cds`, for the test file that calls it. */
export async function startServerWorld(options: ServerWorldOptions = {}): Promise<ServerWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'crat-test-server-'))
  const [installDir, configFile, dataDir] = ['install/cds', 'services.yaml', 'data'].map(name =>
    join(folder, name),
  )
  assert.ok(installDir && configFile && dataDir)
  await mkdir(join(folder, 'install'), { recursive: true })
  await mkdir(dataDir)
  const port = await freePort()
  const own = {
    ...{ name: 'cds', aliases: ['Content Delivery'], kind: 'directory', install_dir: installDir },
    environment: { PORT: `${port}`, NODE: process.execPath },
    health: { url: `http://127.0.0.1:${port}/health`, timeout: '8s' },
    address: `http://127.0.0.1:${port}`,
    keep: ['conf'],
  }
  const args = ['--config', configFile, '--data-dir', dataDir, '--port', '0', ...(options.args ?? [])]

  const call: ServerWorld['call'] = async (method, path, init = {}) => {
    const response = await fetch(`${world.server.url}${path}`, { method, ...init })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }

  const untilStatus: ServerWorld['untilStatus'] = async (taskId, wanted) => {
    for (;;) {
      const { body } = await call('GET', `/api/tasks/${taskId}`)
      if (wanted(body.status) || body.end_time) return body
      await call('GET', `/api/tasks/${taskId}?wait=1`)
    }
  }

  const world: ServerWorld = {
    ...{ folder, installDir, configFile, dataDir, port, call, untilStatus },
    server: undefined as never,
    async configure(service = {}, more = []) {
      await writeFile(configFile, stringify({ services: [{ ...own, ...service }, ...more] }))
    },
    async restart() {
      world.server = await startServerProcess(args, options.env)
    },
    async pack(wanted) {
      const path = join(folder, `cds-${wanted.version}-${randomUUID()}.tgz`)
      await makeServicePackage(path, wanted)
      return path
    },
    async submit(fields = {}, key) {
      const defaults = {
        service_name: 'CDS',
        install_dir: '',
        upgrade_type: 'full',
        test_path: '',
        base_url: '',
      }
      const { status, body } = await call('POST', '/api/deploy_and_test', {
        body: JSON.stringify({ ...defaults, report_keyword: 'CDS', package_path: '/nowhere.tgz', ...fields }),
        headers: key === undefined ? {} : { 'idempotency-key': key },
      })
      assert.equal(status, 202, body.error)
      return body.task_id
    },
    async deploy(wanted, fields = {}) {
      const package_path = await world.pack(wanted)
      return await world.untilOver(await world.submit({ package_path, test_path: 'deploy', ...fields }))
    },
    untilOver: taskId => untilStatus(taskId, () => false),
    async logOf(taskId) {
      return (await readTextIfAny(join(dataDir, 'tasks', taskId, 'log'))) ?? ''
    },
    untilLog: (taskId, words) => until(async () => (await world.logOf(taskId)).includes(words)),
    async version() {
      try {
        return await (await fetch(`http://127.0.0.1:${port}/version`)).text()
      } catch {
        return null
      }
    },
    async processes(part = '') {
      const instance = await readFile(join(dataDir, 'instance'), 'utf8')
      return await findProcesses(`${instance}/${part}`)
    },
  }
  await world.configure(options.service, options.more)
  await world.restart()
  after(async () => {
    await world.server.kill()
    await killProcesses(await readFile(join(dataDir, 'instance'), 'utf8'))
    await rm(folder, { recursive: true, force: true })
  })
  return world
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20)
}
