import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Figures } from '../fault-case.ts'
import { type FaultWorld, until } from './index.ts'

/** Looks at the tables all the time, whatever CRAT says. */
export interface Witness {
  statusOf(id: number): Promise<string>
  /** How many runs were ever seen between their start and their end at once. */
  mostActive(): number
  /** Waits for them; fails where a run has not exactly one mail, or where one is not at the mail server. */
  everyMailArrived(withinMs?: number): Promise<Figures>
  close(): Promise<void>
}

export const isFinished = (status: string) =>
  ['COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED'].includes(status)

const POLL_EVERY_MS = 20

export async function openWitness(world: FaultWorld): Promise<Witness> {
  let client = await connect(world.databaseUrl)
  let most = 0
  let closed = false

  async function ask(sql: string, values: unknown[] = []) {
    for (;;) {
      try {
        return (await client.query(sql, values)).rows
      } catch (error) {
        // The case took the server away: the witness waits for it to come back.
        if (closed) throw error
        await client.end().catch(() => {})
        await pause(200)
        client = await connect(world.databaseUrl).catch(() => client)
      }
    }
  }

  async function look(): Promise<void> {
    while (!closed) {
      const [row] = await ask(
        `SELECT count(*)::int AS active FROM deploy_test_runs
         WHERE status IN ('DOWNLOADING', 'DOWNLOADED', 'TESTING', 'MONITORING')`,
      )
      most = Math.max(most, row.active)
      await pause(POLL_EVERY_MS)
    }
  }

  const looking = look().catch(() => {})
  return {
    async statusOf(id) {
      const [row] = await ask('SELECT status FROM deploy_test_runs WHERE id = $1', [id])
      return row?.status ?? 'gone'
    },
    mostActive: () => most,
    everyMailArrived: (withinMs = 90_000) => everyMailArrived(world, withinMs),
    async close() {
      closed = true
      await client.end().catch(() => {})
      await looking
    },
  }
}

function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'faults', query_timeout: 5_000 })
  client.on('error', () => {})
  return client.connect().then(() => client)
}

async function everyMailArrived(world: FaultWorld, withinMs: number): Promise<Figures> {
  const owed = `SELECT run.id, mail.message_id, mail.status, mail.last_error FROM deploy_test_runs run
    LEFT JOIN notifications mail ON mail.run_id = run.id WHERE run.status IN ('COMPLETED', 'FAILED')`
  type Owed = { id: number; message_id: string | null; status: string | null }
  await until(
    'every mail is sent',
    async () => (await world.sql<Owed>(owed)).every(({ status }) => status === 'sent'),
    withinMs,
    250,
  )
  const mails = await world.sql<Owed>(owed)
  const arrived = world.neighbours.mailSink.mails.map(({ messageId }) => messageId)
  assert.equal(new Set(mails.map(({ id }) => id)).size, mails.length, 'a run owes two mails')
  for (const { id, message_id } of mails)
    assert.ok(arrived.includes(message_id ?? ''), `the mail of run ${id} never came`)
  return { mails: mails.length, repeated_mails: arrived.length - mails.length }
}
