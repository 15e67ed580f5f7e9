import { once } from 'node:events'
import { execa, type Options } from 'execa'
import { sendSignal } from './cookie.ts'
import { environmentFor } from './environment.ts'

/** A line for the shell, or a program and its arguments. */
export type Command = string | string[]

export interface ProcessOptions {
  cwd: string
  env?: Record<string, string>
  cookie: string
  /** Where its output goes: to `onOutput`, or into an open file, which outlives this program. */
  output: ((text: string) => void) | number
  /** Bytes of the largest file that it may write. */
  maxFileBytes?: number
}

export interface StartedProcess {
  /** Its own end, not that of what it started: null where a signal ended it. Throws where it could not be started. */
  exited: Promise<number | null>
  /** Also the end of its output, which what it left behind may hold open. */
  closed: Promise<void>
  /** Kills its process group. */
  kill(): void
}

/** Starts a command in a process group of its own. */
export function startProcess(command: Command, options: ProcessOptions): StartedProcess {
  const { cwd, env, cookie, output, maxFileBytes } = options
  const [file, ...args] = limited(argumentsOf(command), maxFileBytes)
  const written = typeof output === 'number' ? output : 'pipe'
  const child = execa(file, args, {
    ...{ cwd, env: environmentFor(cookie, env), extendEnv: false, detached: true, cleanup: false },
    ...{ stdin: 'ignore', stdout: written, stderr: written, buffer: false, reject: false },
  } as Options)
  const { nodeChildProcess } = child
  const exited = once(nodeChildProcess, 'exit').then(([code]) => code as number | null)
  // Whoever waits for it learns of it.
  exited.catch(() => {})
  if (typeof output === 'function')
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', output)
  return {
    exited,
    closed: child.then(() => undefined),
    kill() {
      if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL')
    },
  }
}

function argumentsOf(command: Command): [string, ...string[]] {
  return typeof command === 'string' ? ['sh', '-c', command] : (command as [string, ...string[]])
}

const BLOCK_BYTES = 512

/** The shell sets limits that all it starts inherit: no core dumps, no file beyond `maxFileBytes`. */
function limited(command: [string, ...string[]], maxFileBytes?: number): [string, ...string[]] {
  if (maxFileBytes === undefined) return command
  const limits = `ulimit -c 0; ulimit -f ${Math.ceil(maxFileBytes / BLOCK_BYTES)}`
  return ['sh', '-c', `${limits}; exec "$@"`, 'sh', ...command]
}

export function commandLine(command: Command): string {
  return typeof command === 'string' ? command : command.join(' ')
}
