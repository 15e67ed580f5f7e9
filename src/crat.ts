import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Express } from 'express'
import { seed } from '../prisma/seed.ts'
import { sealChannels } from './channels/seal-channels.ts'
import type { Config } from './config.ts'
import { type Context, createContext } from './context.ts'
import { sealEnvironments } from './environments/seal-environments.ts'
import { startStoringSpooledBuilds } from './jobs/store-spooled-builds.ts'
import { AppError } from './lib/errors.ts'
import { createLog } from './lib/log.ts'
import { sealParameterSets } from './parameter-sets/seal-parameter-sets.ts'
import { migrate } from './postgres/migrate.ts'
import { presentRun } from './present-run.ts'
import type { Secrets } from './secrets.ts'
import { sealSettings } from './settings/settings.ts'

/** Prisma's first queries keep the process busy for a tenth of a second: who waits for it is answered first. */
const ANSWERS_FIRST_MS = 50

export interface Crat {
  ctx: Context
  port: number
  /** Shuts down in order within ten seconds: open requests are answered, the active run is released. */
  stop(): Promise<void>
}

export async function startCrat(config: Config, secrets: Secrets): Promise<Crat> {
  const started = new AsyncDisposableStack()
  const app = loadApp(config.role)
  try {
    const databaseUrl = config.databaseUrl ?? (await startOwnDatabase(config, started))
    await migrate(databaseUrl)
    const ctx = await createContext(config, secrets, databaseUrl, presentRun)
    started.defer(ctx.close)
    await seed(ctx.pool)
    const { createApp } = await app
    // Stopped after the server, though it starts later: nobody who announces a build waits for it.
    const work = started.use(new AsyncDisposableStack())
    if (config.role !== 'worker') started.defer(startStoringSpooledBuilds(ctx))
    const server = await listen(createApp(ctx), config)
    started.defer(() => close(server))
    started.defer(ctx.beginStopping)
    const { port } = server.address() as AddressInfo
    ctx.ownPorts.push(port)
    await pause(ANSWERS_FIRST_MS)
    await sealAll(ctx)
    if (config.role !== 'web') await (await import('./jobs/start-work.ts')).startWork(ctx, work)
    return { ctx, port, stop: () => started.disposeAsync() }
  } catch (error) {
    await started.disposeAsync()
    throw error
  }
}

async function startOwnDatabase(config: Config, started: AsyncDisposableStack): Promise<string> {
  const { startEmbeddedPostgres } = await import('./postgres/embedded.ts')
  const log = createLog(config.logLevel)
  const postgres = await startEmbeddedPostgres(`${config.dataDir}/postgres`, { log })
  started.defer(() => postgres.stop())
  return postgres.url
}

/** What earlier versions stored, and what was sealed with a previous secret. */
async function sealAll({ db, sealer }: Context): Promise<void> {
  await Promise.all([
    sealSettings(db, sealer),
    sealEnvironments(db, sealer),
    sealChannels(db, sealer),
    sealParameterSets(db, sealer),
  ])
}

/** What the process' role needs, and no more; loaded while the database is connected. */
function loadApp(role: Config['role']) {
  return role === 'worker' ? import('./worker-app.ts') : import('./app.ts')
}

function listen(app: Express, { host, port }: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, error => {
      if (error) reject(listenError(error, host, port))
      else resolve(server)
    })
    // Longer than reverse proxies' own, so that they close idle connections first.
    server.keepAliveTimeout = 75_000
    server.on('clientError', refuseUnreadable)
  })
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): AppError {
  const key = cause.code === 'EADDRINUSE' ? 'errors:port_taken' : 'errors:cannot_listen'
  return new AppError(key, { host, port, reason: cause.message })
}

/** Unparsable requests never reach Express; answers them in the API's format. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const { message, code } = new AppError(tooLarge ? 'errors:headers_too_large' : 'errors:broken_request')
  const body = JSON.stringify({ error: message, code })
  socket.end(
    `HTTP/1.1 ${tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

/** Lets open requests finish; cuts the rest (live pages) after two seconds. */
async function close(server: Server): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), 2_000)
  await closed
  clearTimeout(cut)
}
