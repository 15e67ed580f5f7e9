import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../src/server.ts', import.meta.url))

/** CRAT as a process of its own. */
export interface ServerProcess {
  process: ChildProcess
  /** Its URL, as soon as it is ready; throws with what it said where it ends before. */
  ready(): Promise<string>
  /** Its exit status and all that it said, when it has ended. */
  ended(): Promise<{ status: number | null; stdout: string; stderr: string }>
}

/** Starts `src/server.ts` with this environment and nothing else, and stops it after the test file. */
export function startServer(env: Record<string, string>, folder?: string): Promise<ServerProcess> {
  return startProgram(program, env, folder)
}

export async function startProgram(
  program: string,
  env: Record<string, string>,
  folder?: string,
): Promise<ServerProcess> {
  const cwd = folder ?? (await temporaryFolder())
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    cwd,
    env: { PATH, NODE_COMPILE_CACHE, PORT: '0', HOST: '127.0.0.1', DATA_DIR: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stderr.setEncoding('utf8').on('data', text => {
    said.stderr += text
  })
  const port = Promise.withResolvers<number>()
  createInterface(child.stdout).on('line', line => {
    said.stdout += `${line}\n`
    if (line.includes('CRAT is ready')) port.resolve(JSON.parse(line).port)
  })
  const closed = once(child, 'close').then(() =>
    port.reject(new Error(`it ended: ${said.stderr}${said.stdout}`)),
  )
  // Whoever does not wait for it to be ready does not care why it is not.
  port.promise.catch(() => {})
  after(async () => {
    child.kill('SIGTERM')
    await closed
  })
  return {
    process: child,
    ready: async () => `http://127.0.0.1:${await port.promise}`,
    async ended() {
      await closed
      assert.equal(child.signalCode, null)
      return { status: child.exitCode, ...said }
    },
  }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crat-server-'))
  after(() => rm(folder, { recursive: true, force: true }))
  return folder
}
