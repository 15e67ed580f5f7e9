import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'

export interface Secrets {
  jwtSecret: string
  adminPassword: string
  /** The password was made just now: it is to be shown, once. */
  newAdminPassword: boolean
}

/** What the environment does not say is made once and kept in DATA_DIR, readable by its owner alone. */
export async function loadSecrets(config: Config): Promise<Secrets> {
  await mkdir(config.dataDir, { recursive: true })
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

async function keep(file: string, make: () => string): Promise<{ value: string; made: boolean }> {
  try {
    const value = make()
    await writeFile(file, `${value}\n`, { mode: 0o600, flag: 'wx' })
    return { value, made: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { value: (await readFile(file, 'utf8')).trim(), made: false }
  }
}
