import { randomBytes } from 'node:crypto'
import { access, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../lib/errors.ts'
import { type Cluster, lastLine, runProgram } from './cluster.ts'
import { SUPERUSER } from './connection.ts'

const FLAGS = [
  `--username=${SUPERUSER}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--no-sync',
]

export async function initialise(cluster: Cluster): Promise<void> {
  await makeFolder(cluster, cluster.folder, 0o755)
  if (!(await exists(cluster.passwordFile))) await makePassword(cluster)
  if (!(await exists(`${cluster.dataDirectory}/PG_VERSION`))) await makeDataDirectory(cluster)
}

async function makeFolder({ user }: Cluster, folder: string, mode: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode })
  if (user) await chown(folder, user.uid, user.gid)
}

async function makePassword({ passwordFile, user }: Cluster): Promise<void> {
  const draft = `${passwordFile}.new`
  await writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600 })
  if (user) await chown(draft, user.uid, user.gid)
  await rename(draft, passwordFile)
}

async function makeDataDirectory(cluster: Cluster): Promise<void> {
  // Renamed when it is complete: an interrupted initdb leaves nothing that looks like a data directory.
  const draft = `${cluster.dataDirectory}.new`
  await rm(draft, { recursive: true, force: true })
  await makeFolder(cluster, draft, 0o700)
  const passwordFile = `--pwfile=../${basename(cluster.passwordFile)}`
  try {
    await runProgram(cluster, 'initdb', [...FLAGS, passwordFile], { directory: draft })
    await rename(draft, cluster.dataDirectory)
  } catch (cause) {
    const { folder } = cluster
    throw new AppError('database:embedded_init', { folder, reason: lastLine(cause) }, { cause })
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
