import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import express, { type Express } from 'express'
import { seed } from '../prisma/seed.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { type Context, createContext } from './context.ts'
import { sealEnvironments } from './environments/seal-environments.ts'
import { answerErrors } from './http/error-handler.ts'
import { notFoundApi } from './http/fallbacks.ts'
import { startStoringSpooledBuilds } from './jobs/store-spooled-builds.ts'
import { startTimetable } from './jobs/timetable.ts'
import { pipelineOf, startWorker } from './jobs/worker.ts'
import { AppError } from './lib/errors.ts'
import { createLog } from './lib/log.ts'
import { queueWaitingMails } from './notifications/outbox.ts'
import { sealParameterSets } from './parameter-sets/seal-parameter-sets.ts'
import { recoverOrphanedMails } from './pipeline/recover.ts'
import { startEmbeddedPostgres } from './postgres/embedded.ts'
import { migrate } from './postgres/migrate.ts'
import { systemRoutes } from './routes.ts'
import type { Secrets } from './secrets.ts'
import { sealSettings } from './settings/settings.ts'

/** Also what a submit without an answer may take while it is stopped. */
const RELEASE_WITHIN_MS = 7_000

export interface Crat {
  ctx: Context
  port: number
  /** Shuts down in order within ten seconds: open requests are answered, the active run is released. */
  stop(): Promise<void>
}

export async function startCrat(config: Config, secrets: Secrets): Promise<Crat> {
  const started = new AsyncDisposableStack()
  try {
    const databaseUrl = config.databaseUrl ?? (await startOwnDatabase(config, started))
    await migrate(databaseUrl)
    const ctx = await createContext(config, secrets, databaseUrl)
    started.defer(ctx.close)
    await seed(ctx.db)
    await sealSettings(ctx.db, ctx.sealer)
    await sealEnvironments(ctx.db, ctx.sealer)
    await sealParameterSets(ctx.db, ctx.sealer)
    if (config.role !== 'web') await startWork(ctx, started)
    if (config.role !== 'worker') started.defer(startStoringSpooledBuilds(ctx))
    const server = await listen(ctx)
    started.defer(() => close(server))
    started.defer(ctx.beginStopping)
    const { port } = server.address() as AddressInfo
    ctx.ownPorts.push(port)
    return { ctx, port, stop: () => started.disposeAsync() }
  } catch (error) {
    await started.disposeAsync()
    throw error
  }
}

async function startOwnDatabase(config: Config, started: AsyncDisposableStack): Promise<string> {
  const log = createLog(config.logLevel)
  const postgres = await startEmbeddedPostgres(`${config.dataDir}/postgres`, { log })
  started.defer(() => postgres.stop())
  return postgres.url
}

async function startWork(ctx: Context, started: AsyncDisposableStack): Promise<void> {
  const release = new AbortController()
  await queueWaitingMails(ctx)
  await recoverOrphanedMails(pipelineOf(ctx))
  const released = await startWorker(ctx, release.signal)
  started.defer(() => Promise.race([released(), pause(RELEASE_WITHIN_MS, undefined, { ref: false })]))
  started.defer(() => release.abort(new Error('this process stops: the run is released')))
  const stopTimetable = startTimetable(ctx)
  started.defer(stopTimetable)
}

function listen(ctx: Context): Promise<Server> {
  const { host, port, role } = ctx.config
  const app = role === 'worker' ? createWorkerApp(ctx) : createApp(ctx)
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

function createWorkerApp(ctx: Context): Express {
  const app = express()
  app.use(systemRoutes(ctx))
  app.use(notFoundApi, answerErrors(ctx))
  return app
}

/** Lets open requests finish; cuts the rest (live pages) after two seconds. */
async function close(server: Server): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), 2_000)
  await closed
  clearTimeout(cut)
}
