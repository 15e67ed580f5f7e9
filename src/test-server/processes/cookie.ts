import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Names what a process was started for in its environment, which its children inherit. A process that leaves its
 * process group, as daemons do, is found by it all the same, also after this program was killed.
 */
export const COOKIE = 'DEPLOY_AND_TEST_COOKIE'

const PAUSE_MS = 20
const MAX_PASSES = 500

/** The processes whose cookie begins so. Only Linux shows the environment of a process. */
export async function findProcesses(cookie: string): Promise<number[]> {
  const wanted = `${COOKIE}=${cookie}`
  const names = process.platform === 'linux' ? await readdir('/proc') : []
  const pids = names.filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(pids.map(async pid => ((await carries(pid, wanted)) ? [Number(pid)] : [])))
  return found.flat()
}

/** Null where it has gone or belongs to someone else. */
const readProcFile = (pid: string | number, name: string) =>
  readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => null)

async function carries(pid: string, wanted: string): Promise<boolean> {
  const environment = await readProcFile(pid, 'environ')
  return environment !== null && (environment.startsWith(wanted) || environment.includes(`\0${wanted}`))
}

/** Kills them until none is left: what forks meanwhile is found by the next pass. */
export async function killProcesses(cookie: string): Promise<void> {
  for (let pass = 1; ; pass += 1) {
    const pids = await findProcesses(cookie)
    if (pids.length === 0) return
    if (pass > MAX_PASSES) throw new Error(`Processes ${pids.join(', ')} cannot be killed`)
    // Stopped first, so that none forks while the others are killed.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) for (const pid of pids) sendSignal(pid, signal)
    await pause(PAUSE_MS)
  }
}

/** Asks them to end, and kills those that are still there after `graceMs`. */
export async function endProcesses(cookie: string, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs
  for (const pid of await findProcesses(cookie)) sendSignal(pid, 'SIGTERM')
  while (Date.now() < deadline && (await findProcesses(cookie)).length > 0) await pause(PAUSE_MS)
  await killProcesses(cookie)
}

/** Negative for a process group, as in kill(2). */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const PAGE_BYTES = 4096

/** How much memory they use together, in bytes. */
export async function memoryOf(pids: number[]): Promise<number> {
  const resident = await Promise.all(
    pids.map(async pid => Number((await readProcFile(pid, 'statm'))?.split(' ')[1] ?? 0)),
  )
  return resident.reduce((sum, pages) => sum + pages, 0) * PAGE_BYTES
}
