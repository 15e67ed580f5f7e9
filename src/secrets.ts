import { randomBytes } from 'node:crypto'
import { access, constants, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { AppError } from './lib/errors.ts'

export interface Secrets {
  jwtSecret: string
  adminPassword: string
  newAdminPassword: boolean
}

export async function loadSecrets(config: Config): Promise<Secrets> {
  await makeFolder(config.dataDir)
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

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
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
