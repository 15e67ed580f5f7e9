import { type Config, ConfigError, loadEnvFile, readConfig } from './config.ts'
import { type Crat, startCrat } from './crat.ts'
import { AppError } from './lib/errors.ts'
import { loadSecrets, type Secrets } from './secrets.ts'

/** A stop that takes longer is cut off. */
const STOP_WITHIN_MS = 9_500

try {
  loadEnvFile()
  const config = readConfig(process.env)
  const secrets = await loadSecrets(config)
  const crat = await startCrat(config, secrets)
  stopOnSignal(crat)
  sayWhatMatters(crat, config, secrets)
} catch (error) {
  for (const line of linesOf(error)) console.error(line)
  process.exit(1)
}

function stopOnSignal({ ctx, stop }: Crat): void {
  const stopOnce = (signal: string) => {
    for (const name of ['SIGTERM', 'SIGINT']) process.removeAllListeners(name).on(name, () => {})
    ctx.log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    stop().then(
      () => process.exit(0),
      error => {
        ctx.log.error({ err: error }, 'not everything stopped in order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stopOnce)
  process.on('SIGINT', stopOnce)
}

function sayWhatMatters({ ctx, port }: Crat, config: Config, secrets: Secrets): void {
  ctx.log.info(
    { port, role: config.role, url: config.publicUrl, version: ctx.version.app_version },
    'CRAT is ready',
  )
  if (!config.webhookToken && config.role !== 'worker') {
    ctx.log.warn('WEBHOOK_TOKEN is not set: whoever reaches this server can announce builds')
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
