import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const server = fileURLToPath(new URL('../../src/server.ts', import.meta.url))

export interface CratOptions {
  dataDir: string
  port: number
  env?: Record<string, string>
  /** Arguments of Node before the program, such as `--watch`. */
  nodeArgs?: string[]
  /** Its log goes to the terminal instead of to `logFile`. */
  showLog?: boolean
}

/** CRAT as a process of its own on an embedded PostgreSQL. */
export interface Crat {
  url: string
  logFile: string
  /** Resolves when `/ready` says so; throws where it does not come up. */
  ready(signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

export function startCrat({ dataDir, port, env, nodeArgs = [], showLog = false }: CratOptions): Crat {
  const url = `http://127.0.0.1:${port}`
  const logFile = join(dataDir, 'crat.log')
  const output = showLog ? 'inherit' : openSync(logFile, 'a')
  const child = spawn(process.execPath, [...nodeArgs, server], {
    // Away from a `.env` and a DATABASE_URL of the person who runs this.
    cwd: dataDir,
    env: { ...inherited(), HOST: '127.0.0.1', PORT: `${port}`, PUBLIC_URL: url, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', output, output],
    // A group of its own: Ctrl-C is for us, who stop it in order.
    detached: true,
  })
  if (typeof output === 'number') closeSync(output)
  return {
    url,
    logFile,
    async ready(signal) {
      const deadline = Date.now() + 60_000
      while (!(await answers(`${url}/ready`))) {
        signal.throwIfAborted()
        if (hasEnded(child)) throw new Error(`CRAT ended while it started:\n${await tail(logFile)}`)
        if (Date.now() > deadline)
          throw new Error(`CRAT is not ready after a minute:\n${await tail(logFile)}`)
        await sleep(100)
      }
    },
    async stop() {
      await end(child)
      await stopPostgresOf(dataDir)
    },
  }
}

function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']
  return Object.fromEntries(names.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])))
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** Asks it to end, and after 15 s makes it. */
async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), 15_000)
  await exit
  clearTimeout(patience)
}

/** A CRAT that was killed leaves its PostgreSQL running, for its next start to join. */
async function stopPostgresOf(dataDir: string): Promise<void> {
  for await (const pidFile of glob('**/postmaster.pid', { cwd: dataDir })) {
    const pid = Number((await readFile(join(dataDir, pidFile), 'utf8')).split('\n')[0])
    try {
      process.kill(pid, 'SIGINT')
      for (;;) {
        process.kill(pid, 0)
        await sleep(50)
      }
    } catch {
      // It has gone.
    }
  }
}

/** The last lines of a log file. */
export async function tail(file: string, lines = 15): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}
