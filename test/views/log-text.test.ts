import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, beforeEach, test } from 'node:test'

interface LogText {
  lines: string[]
  readEnd(): Promise<void>
  readOlder(bytes: number): Promise<number>
  hasOlder(): boolean
}
// A script of the browser, which has no types.
const path = '../../public/log-text.js'
const { LogText } = (await import(path)) as { LogText: new (url: string) => LogText }

const lines = Array.from({ length: 60_000 }, (_, number) => `line ${number}`)
const whole = Buffer.from(lines.join('\n'))
let failing: ((offset: number) => boolean) | null = null

/** Answers as the API does: at most so many bytes at once. */
const server = createServer((req, res) => {
  const query = new URL(req.url ?? '', 'http://log').searchParams
  const offset = Number(query.get('offset'))
  if (failing?.(offset)) return res.writeHead(503).end()
  const part = whole.subarray(offset, offset + Math.min(Number(query.get('limit')), 100_000))
  const next_offset = offset + part.length
  const state = { eof: next_offset >= whole.length, cut: false, kept_from: 0, size: whole.length }
  res.end(JSON.stringify({ offset, next_offset, text: part.toString(), ...state }))
}).listen(0, '127.0.0.1')
await new Promise(resolve => server.once('listening', resolve))
after(() => server.close())
beforeEach(() => {
  failing = null
})

const openLog = () => new LogText(`http://127.0.0.1:${(server.address() as AddressInfo).port}/log?index=0`)

test('ranges that are asked for at once are read one after the other, each line once', async () => {
  const log = openLog()
  await log.readEnd()
  assert.ok(log.hasOlder())
  await Promise.all([log.readOlder(50_000), log.readOlder(1_000_000), log.readOlder(50_000)])
  assert.equal(log.hasOlder(), false)
  assert.deepEqual(log.lines, lines)
})

test('an end that was read by half is read anew', async () => {
  const log = openLog()
  failing = offset => offset >= whole.length
  await assert.rejects(log.readEnd(), /503/)
  failing = null
  await log.readEnd()
  await log.readOlder(1_000_000)
  assert.deepEqual(log.lines, lines)
})

test('an older range that could not be read does not keep the next from being read', async () => {
  const log = openLog()
  await log.readEnd()
  failing = () => true
  await assert.rejects(log.readOlder(1_000_000), /503/)
  failing = null
  await log.readOlder(1_000_000)
  assert.deepEqual(log.lines, lines)
})
