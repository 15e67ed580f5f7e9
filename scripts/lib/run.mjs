import { spawn } from 'node:child_process'

const MAX_LINES = 40

/**
 * Runs a command to its end; throws with its output where it fails. It gets a process group of its own, so that an
 * abort ends all that it started. Without execa: this installs the dependencies, under the machine's own Node.
 */
export function run(command, args, { cwd, env, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = []
    child.stdout.on('data', chunk => output.push(chunk))
    child.stderr.on('data', chunk => output.push(chunk))
    const abort = () => child.exitCode === null && process.kill(-child.pid, 'SIGTERM')
    signal?.addEventListener('abort', abort, { once: true })
    child.on('error', reject)
    child.on('close', code => {
      signal?.removeEventListener('abort', abort)
      if (code === 0) return resolve()
      const lines = Buffer.concat(output).toString().trim().split('\n')
      const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines
      reject(new Error(`${[command, ...args].join(' ')} failed:\n${shown.join('\n')}`))
    })
  })
}
