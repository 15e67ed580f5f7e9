import { type Config, ConfigError, loadEnvFile, readConfig } from './config.ts'
import { type Crat, startCrat } from './crat.ts'
import { AppError } from './lib/errors.ts'
import { loadSecrets, type Secrets } from './secrets.ts'

const STOP_WITHIN_MS = 9_500

try {
  loadEnvFile()
  const config = readConfig(process.env)
  const secrets = await loadSecrets(config)
  const stopTracing = config.tracing ? await (await import('./tracing.ts')).startTracing(config) : null
  const starting = startCrat(config, secrets)
  stopOnSignal(starting, stopTracing)
  announceStart(await starting, config, secrets)
} catch (error) {
  for (const line of linesOf(error)) console.error(line)
  process.exit(1)
}

/** A signal during the start also stops in order. */
function stopOnSignal(starting: Promise<Crat>, stopTracing: (() => Promise<void>) | null): void {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    const crat = await starting
    crat.ctx.log.info({ signal }, 'stopping')
    await crat.stop().catch(error => {
      crat.ctx.log.error({ err: error }, 'shutdown failed')
      process.exit(1)
    })
    await stopTracing?.()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

function announceStart({ ctx, port }: Crat, config: Config, secrets: Secrets): void {
  ctx.log.info(
    { port, role: config.role, url: config.publicUrl, version: ctx.version.app_version },
    'CRAT is ready',
  )
  if (!config.webhookToken && config.role !== 'worker') {
    ctx.log.warn('WEBHOOK_TOKEN is not set: whoever reaches this server can announce builds')
  }
  if (!config.publicUrlGiven && !config.allowedHosts.length && config.role !== 'worker') {
    ctx.log.warn(
      'PUBLIC_URL is not set: browsers reach this server as localhost only; set PUBLIC_URL, or name the machine in ALLOWED_HOSTS',
    )
  }
  if (config.loginMode === 'email' && config.role !== 'worker') {
    ctx.log.warn(
      'LOGIN_MODE is email: whoever reaches this server can log in with any address, without proof. ' +
        'LOGIN_MODE=link, oidc or ldap has people prove who they are',
    )
  }
  if (!config.mail) ctx.log.warn('EMAIL_SEND_SERVER is not set: mails wait in the outbox')
  if (!secrets.newAdminPassword) return
  const file = `${config.dataDir}/admin-password`
  console.log(
    `\nThe admin's password, shown this once and kept in ${file}:\n\n    ${secrets.adminPassword}\n`,
  )
}

function linesOf(error: unknown): unknown[] {
  if (error instanceof ConfigError) return error.lines
  return [error instanceof AppError ? error.message : error]
}
