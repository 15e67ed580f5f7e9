import { randomBytes } from 'node:crypto'
import { access, chmod, constants, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Config } from './config.ts'
import { AppError } from './lib/errors.ts'

export interface Secrets {
  jwtSecret: string
  adminPassword: string
  newAdminPassword: boolean
}

export async function loadSecrets(config: Config): Promise<Secrets> {
  await makeFolder(config.dataDir, dataDirMode(config))
  const jwt =
    config.jwtSecret ??
    (await keep(join(config.dataDir, 'jwt-secret'), () => randomBytes(48).toString('hex'))).value
  if (config.adminPassword)
    return { jwtSecret: jwt, adminPassword: config.adminPassword, newAdminPassword: false }
  const password = await keep(join(config.dataDir, 'admin-password'), () =>
    randomBytes(12).toString('base64url'),
  )
  return { jwtSecret: jwt, adminPassword: password.value, newAdminPassword: password.made }
}

/** Others may not list it; they pass through where a test server or PostgreSQL, as another user, reads below it. */
function dataDirMode({ dataDir, packageDir, databaseUrl }: Config): number {
  const holdsPackages = !relative(dataDir, packageDir).startsWith('..')
  const postgresIsOther = databaseUrl === null && process.getuid?.() === 0
  return holdsPackages || postgresIsOther ? 0o711 : 0o700
}

async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode })
    await access(folder, constants.W_OK)
    const found = await stat(folder)
    // Never wider than it was made; a folder of another owner is as that one wants it.
    if (found.uid === process.getuid?.()) await chmod(folder, found.mode & mode)
  } catch (cause) {
    throw new AppError('errors:data_dir', { folder, reason: (cause as Error).message }, { cause })
  }
}

async function keep(file: string, make: () => string): Promise<{ value: string; made: boolean }> {
  // Linked when complete, so that a concurrent start never reads half a secret.
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  const value = make()
  await writeFile(draft, `${value}\n`, { mode: 0o600 })
  try {
    await link(draft, file)
    return { value, made: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { value: (await readFile(file, 'utf8')).trim(), made: false }
  } finally {
    await rm(draft)
  }
}
