// Run by the machine's own Node, so plain JavaScript: sets up, then hands over to a program under the project's Node.
import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installBrowser } from './browser.mjs'
import { setUp } from './setup.mjs'

const [program, ...args] = process.argv.slice(2)
const root = fileURLToPath(new URL('../..', import.meta.url))
const stop = new AbortController()
let running

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stop.abort()
    running?.kill(signal)
  })
}

try {
  await setUp(root, stop.signal)
  const needsBrowser =
    program === 'pictures.ts' ||
    (program === 'test.ts' && (args.length === 0 || args.some(arg => arg === 'tests' || arg.includes('e2e'))))
  const browser = needsBrowser ? await installBrowser(stop.signal) : undefined
  stop.signal.throwIfAborted()
  // Through the channel the program learns that this process has gone, however it went.
  const bin = `${root}node_modules/.bin`
  running = spawn(
    `${bin}/node`,
    ['--disable-warning=ExperimentalWarning', `${root}scripts/lib/${program}`, ...args],
    {
      cwd: root,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env.PATH}`,
        CALLER_DIR: process.cwd(),
        ...(browser && { CHROMIUM_PATH: browser }),
      },
    },
  )
  running.on('error', fail)
  running.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : code
  })
} catch (error) {
  fail(error)
}

function fail(error) {
  if (!stop.signal.aborted) console.error(error.message)
  process.exitCode = stop.signal.aborted ? 130 : 1
}
