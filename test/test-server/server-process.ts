import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/test-server/main.ts', import.meta.url))

export interface ServerProcess {
  url: string
  /** What it has written so far. */
  output(): string
  /** As the machine does it that runs out of memory: no farewell. */
  kill(): Promise<void>
  /** As systemd does it. */
  stop(): Promise<void>
}

/** Starts the program of the test server; resolves when it listens. */
export async function startServerProcess(
  args: string[],
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
      const [, url] = /server at (http:\S+)/.exec(output) ?? []
      if (url) listening.resolve(url)
    })
  }
  child.once('exit', code => listening.reject(new Error(`The test server ended with ${code}: ${output}`)))
  return {
    url: await listening.promise,
    output: () => output,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  assert.ok(child.kill(signal))
  await ended
}
