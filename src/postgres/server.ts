import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../lib/errors.ts'
import { type Cluster, lastLine, runProgram } from './cluster.ts'

export interface Server {
  pid: number
  port: number
}

const NOT_RUNNING = 3

export async function findServer(cluster: Cluster): Promise<Server | null> {
  const status = await runProgram(cluster, 'pg_ctl', ['status'], { reject: false })
  if (status.exitCode === NOT_RUNNING) return null
  if (status.failed) throw status
  return readPidFile(cluster)
}

async function readPidFile({ dataDirectory }: Cluster): Promise<Server | null> {
  try {
    const [pid = 0, , , port = 0] = (await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8'))
      .split('\n')
      .map(Number)
    return { pid, port }
  } catch (error) {
    // It ended in this moment.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const FOR_TESTS = [
  'fsync=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_connections=300',
]

/** Without `durable` it is faster, and loses data when the machine stops: for tests. */
export async function startServer(cluster: Cluster, port: number, durable: boolean): Promise<void> {
  const settings = ['-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  if (!durable) settings.push(...FOR_TESTS.flatMap(setting => ['-c', setting]))
  // With a log file the server does not hold our pipes, so that pg_ctl's end is seen.
  const log = `../${basename(cluster.logFile)}`
  const flags = ['-w', '-t', '60', '-l', log, '-o', settings.join(' ')]
  try {
    await runProgram(cluster, 'pg_ctl', ['start', ...flags])
  } catch (cause) {
    throw startFailure(cluster, cause)
  }
}

/** `fast` ends every connection in order; `immediate` is like a crash. */
export async function stopServer(cluster: Cluster, mode: 'fast' | 'immediate'): Promise<void> {
  await runProgram(cluster, 'pg_ctl', ['stop', '-w', '-m', mode])
}

export function startFailure({ folder, logFile }: Cluster, cause: unknown): AppError {
  return new AppError('database:embedded_start', { folder, log: logFile, reason: lastLine(cause) }, { cause })
}
