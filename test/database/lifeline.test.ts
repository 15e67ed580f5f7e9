import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { LOCK_CLASS, openLifeline } from '../../src/database/lifeline.ts'
import { announceChange } from '../../src/database/live.ts'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { db, log } = world.crat.ctx

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await isTrue()) return
    await pause(20)
  }
  assert.fail('it did not come to that')
}

it('a worker takes its lock from a lost connection that still holds it, and hears of changes', async () => {
  const lifeline = await openLifeline(world.databaseUrl, log, true)
  after(lifeline.close)
  const lost = new pg.Client({ connectionString: world.databaseUrl })
  lost.on('error', () => {})
  await lost.connect()
  const heard: (number | string | null)[] = []
  lifeline.onChange(change => heard.push(change && 'id' in change ? change.id : null))

  const taken = lost.query('SELECT pg_advisory_lock($1, $2)', [LOCK_CLASS, lifeline.id])
  await db.$executeRaw`SELECT pg_terminate_backend(${(await holders(lifeline.id))[0]}::int)`
  await taken
  await until(() => heard.includes(null))
  assert.equal((await holders(lifeline.id)).length, 1)
  assert.ok(lifeline.connected())
  await announceChange(db, { topic: 'run', id: 4711 })
  await until(() => heard.includes(4711))
})

async function holders(id: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ pid: number }[]>`
    SELECT pid FROM pg_locks
    WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objid = ${id}::int::oid AND granted`
  return rows.map(({ pid }) => pid)
}
