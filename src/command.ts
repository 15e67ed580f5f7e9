import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, ConfigError, loadEnvFile, readConfig } from './config.ts'
import { AppError } from './lib/errors.ts'
import { createLog } from './lib/log.ts'

/** Runs a program that is called from a shell, and ends the process with what it returns; 2 where it fails. */
export async function runCommand(work: () => Promise<number>): Promise<void> {
  try {
    loadEnvFile()
    process.exitCode = await work()
  } catch (error) {
    for (const line of linesOf(error)) console.error(line)
    process.exitCode = 2
  }
}

/** A program that is called with one file, or with --help. */
export function runFileCommand(
  help: string,
  work: (file: string, opened: AsyncDisposableStack) => Promise<number>,
): Promise<void> {
  return runCommand(async () => {
    const options = { help: { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const [name] = positionals
    if (values.help || !name) {
      console.log(help)
      return values.help ? 0 : 2
    }
    const opened = new AsyncDisposableStack()
    try {
      return await work(resolve(callerFolder(), name), opened)
    } finally {
      await opened.disposeAsync()
    }
  })
}

function linesOf(error: unknown): unknown[] {
  if (error instanceof ConfigError) return error.lines
  const { code, message } = error as { code?: string; message?: string }
  return [error instanceof AppError || code?.startsWith('ERR_PARSE_ARGS') ? message : error]
}

/** Where the one who calls is: npm and the scripts change to the project's folder. */
export function callerFolder(): string {
  return process.env.CALLER_DIR ?? process.env.INIT_CWD ?? process.cwd()
}

export interface OwnDatabase {
  config: Config
  url: string
}

/**
 * The database that the configuration names, which is said. The embedded one is started, unless CRAT runs on it; a new
 * one is made only where the command fills it and DATA_DIR says where.
 */
export async function openOwnDatabase(
  opened: AsyncDisposableStack,
  { mayCreate = false } = {},
): Promise<OwnDatabase> {
  const config = readConfig(process.env)
  if (config.databaseUrl !== null) {
    const { host, pathname } = new URL(config.databaseUrl)
    console.error(`Database: ${host}${pathname}`)
    return { config, url: config.databaseUrl }
  }
  const folder = resolve(config.dataDir, 'postgres')
  if (!(mayCreate && process.env.DATA_DIR) && !existsSync(folder))
    throw new AppError('database:no_own', { folder })
  console.error(`Database: the embedded one in ${folder}`)
  const { startEmbeddedPostgres } = await import('./postgres/embedded.ts')
  const postgres = await startEmbeddedPostgres(folder, { log: createLog('warn') })
  opened.defer(() => postgres.stop())
  return { config, url: postgres.url }
}
