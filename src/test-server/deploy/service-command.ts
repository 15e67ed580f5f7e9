import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { exists } from '../files/exists.ts'
import { type Command, commandLine, startProcess } from '../processes/start-process.ts'

export interface ServiceCommandOptions {
  cwd: string
  env: Record<string, string>
  cookie: string
  signal: AbortSignal
  timeoutMs: number
  /** What the service writes from its start on goes here: a pipe to this program would end it when this one ends. */
  outputFile: string
  write(text: string): void
}

const FOLLOW_MS = 100
const KEPT_CHARACTERS = 2_000

/** Runs a command of a service to its end, not that of the daemon it starts. Throws with its output where it fails. */
export async function runServiceCommand(command: Command, options: ServiceCommandOptions): Promise<void> {
  const { signal, timeoutMs, outputFile } = options
  await mkdir(dirname(outputFile), { recursive: true })
  const output = await open(outputFile, 'a+')
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  try {
    inTime.throwIfAborted()
    const { size: before } = await output.stat()
    const started = startProcess(command, { ...options, output: output.fd })
    inTime.addEventListener('abort', started.kill, { once: true })
    const tail = await followUntil(started.exited, output, before, options.write)
    inTime.removeEventListener('abort', started.kill)
    signal.throwIfAborted()
    const exitCode = await started.exited
    if (inTime.aborted) throw failure(command, `did not end within ${timeoutMs / 1000} s`, tail)
    if (exitCode === null) throw failure(command, 'was ended by a signal', tail)
    if (exitCode !== 0) throw failure(command, `ended with exit status ${exitCode}`, tail)
  } finally {
    await output.close()
  }
}

function failure(command: Command, what: string, tail: string): Error {
  const said = tail.trim()
  return new Error(`"${commandLine(command)}" ${what}${said ? `:\n${said}` : ''}`)
}

/** Hands on what is added to a file from an offset on until something has ended; answers the last of it. */
async function followUntil(
  end: Promise<unknown>,
  file: Awaited<ReturnType<typeof open>>,
  from: number,
  write: (text: string) => void,
): Promise<string> {
  const decoder = new TextDecoder()
  const buffer = Buffer.alloc(64 * 1024)
  let offset = from
  let tail = ''
  let ended = false
  const note = () => {
    ended = true
  }
  end.then(note, note)
  for (;;) {
    const last = ended
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset)
    const text = decoder.decode(buffer.subarray(0, bytesRead), { stream: true })
    offset += bytesRead
    tail = (tail + text).slice(-KEPT_CHARACTERS)
    if (text) write(text)
    if (last && bytesRead === 0) return tail
    if (bytesRead === 0) await Promise.race([end.catch(() => {}), pause(FOLLOW_MS)])
  }
}

/** Throws where the program of a command is named by its place below `folder` and is not there. */
export async function requireProgram(command: Command, folder: string): Promise<void> {
  const program = Array.isArray(command) ? command[0] : undefined
  if (!program?.includes('/') || program.startsWith('/')) return
  if (!(await exists(join(folder, program)))) throw new Error(`${program} is missing in ${folder}`)
}
