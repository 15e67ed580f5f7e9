import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts'

const temporary = await mkdtemp(join(tmpdir(), 'crat-embedded-'))
after(() => rm(temporary, { recursive: true, force: true }))
const folder = join(temporary, 'postgres')
const start = () => startEmbeddedPostgres(folder, { durable: false })

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  // It may be killed under us: who asks gets an error.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

const builds = async (url: string) =>
  (await query(url, 'SELECT number FROM build ORDER BY number')).map(row => row.number)

async function killServer(): Promise<void> {
  const [pid] = (await readFile(join(folder, 'cluster/postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGKILL')
}

/** Asks until it answers as wanted, which it does within seconds. */
async function until<T>(ask: () => Promise<T>, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await pause(50)
    }
  }
}

/** A process that starts it and is killed. */
async function startAndDie(): Promise<string> {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('../../src/postgres/embedded.ts', import.meta.url).href)})
    const { url } = await startEmbeddedPostgres(${JSON.stringify(folder)}, { durable: false })
    console.log(url)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = await once(createInterface(child.stdout), 'line')
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  return url
}

describe('the embedded PostgreSQL keeps what it was given', () => {
  it('over a stop and a start', async () => {
    const first = await start()
    await query(first.url, 'CREATE TABLE build (number int)')
    await query(first.url, 'INSERT INTO build VALUES (101)')
    await first.stop()
    await assert.rejects(query(first.url, 'SELECT 1'))

    const second = await start()
    assert.deepEqual(await builds(second.url), [101])
    await second.stop()
  })

  it('over kill -9 of it, and comes back by itself', async () => {
    const postgres = await start()
    await query(postgres.url, 'INSERT INTO build VALUES (102)')
    await killServer()
    assert.deepEqual(await until(() => builds(postgres.url)), [101, 102])
    await postgres.stop()
  })

  it('over kill -9 of who started it: the next one joins it, and stops it in the end', async () => {
    const url = await startAndDie()
    await query(url, 'INSERT INTO build VALUES (103)')

    const next = await start()
    assert.equal(next.url, url)
    assert.deepEqual(await builds(next.url), [101, 102, 103])
    await next.stop()
    await assert.rejects(query(url, 'SELECT 1'))
  })

  it('over kill -9 of both', async () => {
    const url = await startAndDie()
    await query(url, 'INSERT INTO build VALUES (104)')
    const open = new pg.Client({ connectionString: url })
    open.on('error', () => {})
    await open.connect()
    await killServer()

    const next = await start()
    assert.deepEqual(await builds(next.url), [101, 102, 103, 104])
    await next.stop()
  })

  it('while another process uses it', async () => {
    const first = await start()
    const second = await start()
    const user = new pg.Client({ connectionString: first.url })
    await user.connect()
    await second.stop()
    assert.deepEqual((await user.query('SELECT 1 AS one')).rows, [{ one: 1 }])
    await user.end()
    await first.stop()
  })
})
