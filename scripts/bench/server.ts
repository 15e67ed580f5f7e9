import { mkdir } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundleCrat, type Crat, freePort, startCrat, tail } from '../lib/crat.ts'
import { type CratClient, logIn } from '../lib/crat-client.ts'
import { residentMegabytes } from './memory.ts'

const command = bundleCrat()
const PASSWORD = 'only for measuring, only for measuring'

/** A CRAT as `npm start` starts it, on a database of its own. */
export interface Server {
  url: string
  pid: number
  databaseUrl: string
  /** From the start of its process until it was ready. */
  startSeconds: number
  /** What a script of a user sends along. */
  bearer: Record<string, string>
  /** What the browser of an admin sends along. */
  cookie: Record<string, string>
  admin: CratClient
  /** Its memory, that of processes which it started included. */
  memory(): Promise<number>
  stop(): Promise<void>
}

export interface ServerOptions {
  folder: string
  databaseUrl: string
  env?: Record<string, string>
  signal: AbortSignal
}

export async function startServer({ folder, databaseUrl, env, signal }: ServerOptions): Promise<Server> {
  const port = await freePort(0)
  const dataDir = join(folder, `crat-${port}`)
  await mkdir(dataDir)
  const began = performance.now()
  const crat = startCrat({
    ...{ dataDir, port, command },
    env: {
      ...{ DATABASE_URL: databaseUrl, ADMIN_PASSWD: PASSWORD, LOG_LEVEL: 'error' },
      ...{ PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
      ...env,
    },
  })
  try {
    await untilReady(crat, signal)
    const startSeconds = (performance.now() - began) / 1000
    return { ...(await describe(crat, startSeconds)), databaseUrl }
  } catch (error) {
    await crat.stop()
    throw new Error(`CRAT did not start: ${(error as Error).message}\n${await tail(crat.logFile)}`)
  }
}

async function describe(crat: Crat, startSeconds: number): Promise<Omit<Server, 'databaseUrl'>> {
  const { url, pid, stop } = crat
  const [user, admin] = await Promise.all([
    logIn(url, { email: 'bench@example.com' }),
    logIn(url, { email: 'admin', password: PASSWORD }),
  ])
  return {
    ...{ url, pid, startSeconds, stop, admin },
    bearer: { authorization: `Bearer ${user.token}` },
    cookie: { cookie: `crat_session=${admin.token}` },
    memory: () => residentMegabytes(pid),
  }
}

const ASK_EVERY_MS = 10

async function untilReady(crat: Crat, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isReady(crat.url))) {
    signal.throwIfAborted()
    if (crat.hasEnded()) throw new Error('it ended by itself')
    if (Date.now() > deadline) throw new Error('it is not ready after a minute')
    await sleep(ASK_EVERY_MS)
  }
}

/** Whether it says so; one that does not listen yet refuses the connection. */
export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
  return answer?.ok ?? false
}
