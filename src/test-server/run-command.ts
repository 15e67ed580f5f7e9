import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Its last words, for the error. */
const KEPT_CHARACTERS = 10_000

/** Runs a program and writes what it says as it says it. An abort ends it and all that it started. */
export async function runCommand(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal: AbortSignal; write(text: string): void },
): Promise<void> {
  const { signal, write, ...rest } = options
  signal.throwIfAborted()
  // A process group of its own can be ended as a whole.
  const child = spawn(command, args, { ...rest, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', write)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    write(text)
    said = (said + text).slice(-KEPT_CHARACTERS)
  })
  const end = () => void endGroup(child.pid)
  signal.addEventListener('abort', end, { once: true })
  try {
    const [code] = await once(child, 'close')
    signal.throwIfAborted()
    if (code !== 0) throw new Error(said.trim() || `${command} ended with ${code ?? child.signalCode}`)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It ended in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
