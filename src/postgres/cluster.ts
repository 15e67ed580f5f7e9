import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { findPrograms, type Programs } from './programs.ts'
import { findPostgresUser, type User } from './user.ts'

export interface Cluster {
  folder: string
  dataDirectory: string
  passwordFile: string
  logFile: string
  programs: Programs
  user: User | null
}

export async function openCluster(folder: string): Promise<Cluster> {
  const absolute = resolve(folder)
  const dataDirectory = join(absolute, 'cluster')
  const user = await findPostgresUser(dataDirectory)
  return {
    folder: absolute,
    dataDirectory,
    passwordFile: join(absolute, 'password'),
    logFile: join(absolute, 'postgres.log'),
    programs: await findPrograms(user),
    user,
  }
}

/**
 * Runs one of the programs in a data directory, as PostgreSQL's user. That user need not be able to enter the folders
 * above, which may be root's alone: Node changes to the directory before it drops root's rights, and the program
 * reaches it as its working directory. Paths in `args` are to be relative to it.
 */
export function runProgram(
  { programs, user, dataDirectory }: Cluster,
  program: 'initdb' | 'pg_ctl',
  args: string[],
  options: { directory?: string; reject?: boolean } = {},
) {
  const { directory = dataDirectory, reject = true } = options
  // PostgreSQL makes a relative path absolute, so it cannot be `.`.
  const path = user && process.platform === 'linux' ? '/proc/self/cwd' : directory
  return execa(programs[program], ['-D', path, ...args], {
    ...user,
    cwd: directory,
    stdin: 'ignore',
    // Ctrl-C does not reach it: the server is stopped in order once it has started.
    detached: true,
    reject,
  })
}

export function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr || message).trim().split('\n').at(-1) ?? message
}
