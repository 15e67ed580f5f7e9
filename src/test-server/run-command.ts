import { execa } from 'execa'

/** Of its error output, for the error. */
const KEPT_CHARACTERS = 10_000

/** Runs a program and passes on its output as it comes. An abort kills it with all that it started. */
export async function runCommand(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal: AbortSignal; write(text: string): void },
): Promise<void> {
  const { signal, write, cwd, env = process.env } = options
  signal.throwIfAborted()
  const child = execa(command, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    cancelSignal: signal,
    killDescendants: true,
    killSignal: 'SIGKILL',
    reject: false,
  })
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', write)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    write(text)
    errors = (errors + text).slice(-KEPT_CHARACTERS)
  })
  const { failed, shortMessage } = await child
  signal.throwIfAborted()
  if (failed) throw new Error(errors.trim() || shortMessage)
}
