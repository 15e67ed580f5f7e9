import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../../src/server.ts', import.meta.url))

/** Collects garbage on a signal, and ends with the process that started it, however that one ends. */
const PRELUDE = 'process.on("SIGUSR2", () => gc()); process.stdin.on("close", () => process.exit(1)).resume()'
const OPTIONS = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(PRELUDE)}`]

export type Role = 'all' | 'web' | 'worker'

/** A line of its log. */
export interface LogLine {
  level: number
  time: number
  msg: string
  runId?: number
}

/** CRAT as a process of its own, which may be killed and started again at will. */
export interface CratProcess {
  role: Role
  /** The same after every start. */
  url(): string
  /** Everything that it said since it was first started. */
  lines: LogLine[]
  /** What came on the error output: nothing, where all is well. */
  complaints(): string
  /** Starts it (again); resolves when it is ready. */
  start(): Promise<void>
  /** Sends a signal and waits for the end. Says how it ended, and after how many milliseconds. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>
  alive(): boolean
  /** Lets go of what it no longer uses, so that its memory can be compared. */
  collectGarbage(): void
  /** The first line that fits among those that come after this call, or that were said since `after`. */
  untilSays(fits: (line: LogLine) => boolean, withinMs: number, after?: number): Promise<LogLine>
}

/** An instance that is not started yet. */
export function createCratProcess(role: Role, cwd: string, env: Record<string, string>): CratProcess {
  const lines: LogLine[] = []
  const said = new EventEmitter().setMaxListeners(0)
  let child: ChildProcess | null = null
  let port = 0
  let complaints = ''

  function hear(text: string): void {
    if (!text.startsWith('{')) return
    const line = JSON.parse(text)
    lines.push(line)
    if (line.msg === 'CRAT is ready') port = line.port
    said.emit('line', line)
  }

  const alive = () => child !== null && child.exitCode === null && child.signalCode === null

  async function untilSays(fits: (line: LogLine) => boolean, withinMs: number, after = Date.now()) {
    const signal = AbortSignal.timeout(withinMs)
    for (;;) {
      const line = lines.find(candidate => candidate.time >= after && fits(candidate))
      if (line) return line
      await once(said, 'line', { signal }).catch(() =>
        assert.fail(`${role} did not say it within ${withinMs} ms; last: ${lines.at(-1)?.msg}`),
      )
    }
  }

  return {
    role,
    lines,
    url: () => `http://127.0.0.1:${port}`,
    complaints: () => complaints,
    alive,
    collectGarbage: () => void child?.kill('SIGUSR2'),
    untilSays,
    async start() {
      const began = Date.now()
      const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env
      child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...OPTIONS, program], {
        cwd,
        env: {
          ...{ PATH, TMPDIR, NODE_COMPILE_CACHE, HOST: '127.0.0.1', PORT: `${port}` },
          ...{ ROLE: role, DATA_DIR: cwd, COMMIT_HASH: 'faults' },
          ...env,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      createInterface({ input: child.stdout ?? process.stdin }).on('line', hear)
      child.stderr?.setEncoding('utf8').on('data', text => {
        complaints += text
      })
      const over = new AbortController()
      const ended = once(child, 'exit', { signal: over.signal }).then(
        () => assert.fail(`${role} ended while it started: ${complaints}${lines.at(-1)?.msg}`),
        () => {},
      )
      await Promise.race([untilSays(line => line.msg === 'CRAT is ready', 60_000, began), ended])
      over.abort()
    },
    async end(signal) {
      const began = performance.now()
      if (!child || !alive()) return { code: child?.exitCode ?? null, ms: 0 }
      const closed = once(child, 'exit')
      child.kill(signal)
      const [code] = await Promise.race([closed, pause(20_000, [null], { ref: false })])
      if (alive()) {
        child.kill('SIGKILL')
        await closed
      }
      return { code, ms: performance.now() - began }
    },
  }
}
