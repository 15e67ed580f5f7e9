import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stopPostgresBelow } from './postgres.ts'
import { type RunningProcess, startProcess } from './processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const SERVER = join(root, 'src/server.ts')

export interface CratOptions {
  /** Where it keeps everything, its log too. */
  dataDir: string
  port: number
  env: Record<string, string>
  /** What to start instead of its sources. */
  command?: [string, ...string[]]
}

/** CRAT as a process of its own on an embedded PostgreSQL, with no setting but those given. */
export interface Crat {
  url: string
  pid: number
  logFile: string
  hasEnded(): boolean
  /** Resolves when `/ready` says so; throws where it does not come up. */
  ready(signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

const FROM_SOURCES: [string, ...string[]] = [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  SERVER,
]

/** Bundles CRAT. Returns what `npm start` runs, with the project's files by their full paths: for another folder. */
export function bundleCrat(): [string, ...string[]] {
  execFileSync(process.execPath, [join(root, 'scripts/lib/bundle.mjs')], { stdio: 'inherit' })
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const words = (scripts.start as string).split(' ')
  return ['sh', '-c', words.map(inProject).join(' ')]
}

/** A path in the project, alone or as the value of a variable, wherever the process runs. */
function inProject(word: string): string {
  const [, name = '', path = ''] = /^([A-Z_]+=)?(\w+\/.*)$/.exec(word) ?? []
  return path ? `${name}${join(root, path)}` : word
}

export function startCrat({ dataDir, port, env, command = FROM_SOURCES }: CratOptions): Crat {
  const url = `http://127.0.0.1:${port}`
  const logFile = join(dataDir, 'crat.log')
  const [program, ...args] = command
  const running = startProcess(program, args, {
    // Away from the `.env` and the DATABASE_URL of the person who runs this.
    cwd: dataDir,
    env: {
      ...machineEnvironment(),
      HOST: '127.0.0.1',
      PORT: `${port}`,
      PUBLIC_URL: url,
      DATA_DIR: dataDir,
      ...env,
    },
    logFile,
  })
  return {
    url,
    logFile,
    pid: running.pid,
    hasEnded: running.hasEnded,
    ready: signal => untilReady(url, running, signal),
    async stop() {
      await running.stop()
      await stopPostgresBelow(dataDir)
    },
  }
}

function machineEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(names.map(name => [name, process.env[name]]))
}

/** Waits until CRAT says that it is ready; at most a minute, and not for one that has ended. */
export function untilReady(url: string, running: RunningProcess, signal: AbortSignal): Promise<void> {
  return untilAnswers(`${url}/ready`, running, 'CRAT', signal)
}

/** Waits until an address of a process answers well; at most a minute, and not for one that has ended. */
export async function untilAnswers(
  url: string,
  running: RunningProcess,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await answersOk(url))) {
    signal?.throwIfAborted()
    if (running.hasEnded()) throw new Error(`${name} ended while it started`)
    if (Date.now() > deadline) throw new Error(`${name} is not ready after a minute`)
    await sleep(100)
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

/** The last lines of a log file. */
export async function tail(file: string, lines = 15): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}

/** That port if nobody listens on it, any free one for 0. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer()
  try {
    await once(probe.listen(wanted, '127.0.0.1'), 'listening')
  } catch (cause) {
    throw new Error(`Port ${wanted} cannot be used: ${(cause as Error).message}`, { cause })
  }
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
