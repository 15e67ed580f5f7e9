import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type ChatNeighbour, SECRET, startChatServices } from '../../neighbours/chat/index.ts'
import type { FaultCase, Figures } from '../fault-case.ts'
import { type CratProcess, type FaultWorld, openFaultWorld, until } from '../world/index.ts'
import { openLine } from '../world/line.ts'
import { isFinished, openWitness } from '../world/witness.ts'

/** A worker is killed between the end of a run and what it makes of it: before a delivery, and in the middle of one. */
export const deliveries: FaultCase = {
  name: 'deliveries',
  about: 'kill -9 between the end of a run and its deliveries: to a webhook and to a chat',
  rounds: 10,
  async run(postgres, rounds) {
    await using stack = new AsyncDisposableStack()
    const services = await startChatServices()
    stack.defer(services.close)
    const line = await openLine(Number(new URL(services.url).port))
    stack.defer(line.close)
    const world = await openFaultWorld(postgres)
    stack.defer(world.close)
    for (const kind of ['webhook', 'dingtalk'] as const) {
      const url = services.addressOf(kind).replace(services.url, line.url)
      const input = {
        name: kind,
        kind,
        url,
        secret: SECRET,
        events: ['passed', 'failed', 'unknown', 'error'],
      }
      const { status, body } = await world.admin.post('/channels', input)
      assert.equal(status, 201, body.error)
    }
    const witness = await openWitness(world)
    stack.defer(witness.close)
    const worker = await world.open('worker')
    await world.buildCore(7000)
    for (let round = 0; round < rounds; round += 1) {
      // The server takes the message, and the worker never hears of it.
      line.hold()
      const seen = services.taken.length
      const id = await world.trigger()
      const ends = async () => isFinished(await witness.statusOf(id))
      await until(`run ${id} ends`, ends, 60_000, 10)
      if (round % 2 === 0) await until('a message is taken', () => services.taken.length > seen, 20_000, 5)
      else await pause(Math.random() * 300)
      await restart(worker, () => line.release())
    }
    return await countMessages(world, services, rounds)
  },
}

async function restart(worker: CratProcess, meanwhile: () => void): Promise<void> {
  await worker.end('SIGKILL')
  meanwhile()
  await worker.start()
}

async function countMessages({ sql }: FaultWorld, services: ChatNeighbour, rounds: number): Promise<Figures> {
  const owed = async () =>
    sql<{ run_id: number; kind: string; message_id: string }>(
      "SELECT run_id, kind::text, message_id FROM notifications WHERE channel_id IS NOT NULL AND status <> 'sent'",
    )
  await until('everything is sent', async () => (await owed()).length === 0, 120_000, 200)
  const rows = await sql<{ run_id: number; kind: string; id: string }>(
    "SELECT run_id, kind::text, trim(both '<>' from replace(message_id, '@crat', '')) AS id FROM notifications WHERE channel_id IS NOT NULL",
  )
  assert.equal(rows.length, rounds * 2, 'a run owes another number of messages than one to each channel')
  let repeated = 0
  for (const { run_id, kind, id } of rows) {
    const copies = services.taken.filter(message =>
      kind === 'webhook'
        ? message.headers['x-crat-delivery'] === id
        : message.kind === kind && message.text.includes(`/runs/${run_id})`),
    ).length
    assert.ok(copies === 1 || copies === 2, `${kind} got ${copies} messages of run ${run_id}`)
    repeated += copies - 1
  }
  assert.deepEqual(services.refusals, [])
  return { messages: rows.length, repeated }
}
