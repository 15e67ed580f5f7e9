import type { Server } from 'node:http'
import express from 'express'
import { seed } from '../prisma/seed.ts'
import { createApp } from './app.ts'
import { type Config, ConfigError, loadEnvFile, readConfig } from './config.ts'
import { type Context, createContext } from './context.ts'
import { startEmbeddedPostgres } from './database/embedded.ts'
import { migrate } from './database/migrate.ts'
import { answerErrors } from './http/error-handler.ts'
import { notFoundApi } from './http/fallbacks.ts'
import { health, ready } from './http/system.handlers.ts'
import { startTimetable } from './jobs/timetable.ts'
import { startWorker } from './jobs/worker.ts'
import { AppError } from './lib/errors.ts'
import { queueWaitingMails } from './notifications/notifications.ts'
import { loadSecrets, type Secrets } from './secrets.ts'

/** A stop that takes longer is cut off. */
const STOP_WITHIN_MS = 9_500

try {
  await main()
} catch (error) {
  const lines =
    error instanceof ConfigError ? error.lines : [error instanceof AppError ? error.message : error]
  for (const line of lines) console.error(line)
  process.exit(1)
}

async function main(): Promise<void> {
  loadEnvFile()
  const config = readConfig(process.env)
  const secrets = await loadSecrets(config)
  const embedded = config.databaseUrl ? null : await startEmbeddedPostgres(`${config.dataDir}/postgres`)
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? ''
  await migrate(databaseUrl)

  const ctx = await createContext(config, secrets, databaseUrl)
  await seed(ctx.db)
  const handOver = new AbortController()
  const stopTimetable = config.role === 'web' ? null : await work(ctx, handOver.signal)
  const server = await listen(ctx)
  tellWhereItIs(ctx, server, secrets)

  const stop = once(async (reason: string) => {
    ctx.log.info({ reason }, 'stopping')
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    ctx.beginStopping()
    const closed = new Promise(resolve => server.close(resolve))
    await stopTimetable?.()
    handOver.abort(new Error('this process stops: the run is handed over'))
    await ctx.queue.boss.stop({ graceful: true, timeout: 5_000 })
    server.closeIdleConnections()
    await Promise.race([closed, new Promise(resolve => setTimeout(resolve, 2_000))])
    await ctx.db.$disconnect()
    await embedded?.stop()
    ctx.log.info('stopped')
    process.exit(0)
  })
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
}

/** Takes up what earlier processes left, then what comes. */
async function work(ctx: Context, stop: AbortSignal): Promise<() => Promise<void>> {
  await queueWaitingMails(ctx)
  await startWorker(ctx, stop)
  return startTimetable(ctx)
}

function listen(ctx: Context): Promise<Server> {
  const app = ctx.config.role === 'worker' ? createWorkerApp(ctx) : createApp(ctx)
  return new Promise((resolve, reject) => {
    const server = app.listen(ctx.config.port, ctx.config.host, error =>
      error ? reject(error) : resolve(server),
    )
    // Above what reverse proxies use, so that it is they who close idle connections.
    server.keepAliveTimeout = 75_000
  })
}

/** A worker answers whether it lives, and nothing else. */
function createWorkerApp(ctx: Context) {
  const app = express()
  app.get('/health', health)
  app.get('/ready', ready(ctx))
  app.use(notFoundApi, answerErrors(ctx))
  return app
}

function tellWhereItIs(ctx: Context, server: Server, secrets: Secrets): void {
  const { config, log } = ctx
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  log.info(
    { port, role: config.role, url: config.publicUrl, version: ctx.version.app_version },
    'CRAT is ready',
  )
  if (!config.webhookToken && config.role !== 'worker') {
    log.warn('WEBHOOK_TOKEN is not set: whoever reaches this server can announce builds')
  }
  if (!config.mail) log.warn('EMAIL_SEND_SERVER is not set: mails wait in the outbox')
  if (secrets.newAdminPassword) showPassword(config, secrets.adminPassword)
}

function showPassword(config: Config, password: string): void {
  console.log(
    `\nThe admin's password, shown this once and kept in ${config.dataDir}/admin-password:\n\n    ${password}\n`,
  )
}

function once<T>(work: (argument: T) => Promise<void>): (argument: T) => void {
  let begun = false
  return argument => {
    if (begun) return
    begun = true
    void work(argument)
  }
}
