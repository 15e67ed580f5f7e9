import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { openTaskLog, shortenOldLogs, type TaskLog } from '../../src/runs/run-log.ts'
import { Visitor } from '../http/visitor.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorkingWorld()
const { db } = world.crat.ctx
await world.buildCore(101)
const wangFang = await new Visitor(world.url).logIn(WANG_FANG)

async function runWithLog(text = ''): Promise<{ id: number; log: TaskLog }> {
  const id = await world.trigger()
  await world.admin.untilFinished(id)
  const log = openTaskLog(db, { runId: id, index: 0 })
  if (text) await append(log, text)
  return { id, log }
}

async function append(log: TaskLog, text: string, eof = false): Promise<void> {
  const position = await log.position()
  await log.append(position, { text, nextOffset: position.offset + Buffer.byteLength(text), eof })
}

const read = async (id: number, query = '') =>
  (await world.liWei.get(`/deploy-test-runs/${id}/log?${query}`)).body

const LINES = Array.from({ length: 5000 }, (_, i) => `${i} 播放器 plays segment ${i} é\n`)

describe('a log that grows', () => {
  let id: number
  const whole = LINES.join('')
  const bytes = Buffer.byteLength(whole)

  before(async () => {
    const run = await runWithLog()
    id = run.id
    for (let from = 0; from < LINES.length; from += 500)
      await append(run.log, LINES.slice(from, from + 500).join(''))
  })

  it('is answered in ranges that lose and double nothing, wherever they begin', async () => {
    for (const limit of [1001, 65_537]) {
      let text = ''
      let part = await read(id, `limit=${limit}`)
      for (; part.text; part = await read(id, `limit=${limit}&offset=${part.next_offset}`)) {
        assert.ok(Buffer.byteLength(part.text) <= limit)
        text += part.text
        if (limit === 1001 && text.length > 20_000) break
      }
      assert.ok(limit === 1001 ? whole.startsWith(text) : text === whole, `${limit}`)
    }
    const end = await read(id, `offset=${bytes - 10}`)
    assert.deepEqual([end.size, end.next_offset, end.eof, end.kept_from], [bytes, bytes, true, 0])
    assert.ok(whole.endsWith(end.text))
    assert.equal((await read(id, 'limit=100')).eof, false)
  })

  it('begins with the character that holds the offset', async () => {
    const place = Buffer.from(whole).indexOf('播')
    for (const inside of [0, 1, 2]) {
      const part = await read(id, `offset=${place + inside}&limit=9`)
      assert.equal(part.offset, place)
      assert.ok('播放器 plays'.startsWith(part.text) && part.text, part.text)
    }
  })

  it('refuses ranges that are none', async () => {
    for (const query of ['limit=0', 'limit=2000000', 'offset=-1', 'index=16']) {
      assert.equal((await world.liWei.get(`/deploy-test-runs/${id}/log?${query}`)).status, 400, query)
    }
  })

  it('is downloaded whole, as text', async () => {
    const { html, headers } = await wangFang.open(`/runs/${id}/log.txt`)
    assert.equal(html, whole)
    assert.match(headers.get('content-type') ?? '', /^text\/plain; charset=utf-8/)
    assert.match(
      headers.get('content-disposition') ?? '',
      new RegExp(`attachment; filename="?run-${id}\\.log"?`),
    )
    assert.equal((await wangFang.open('/runs/4711/log.txt')).status, 404)
    assert.equal((await fetch(`${world.url}/runs/${id}/log.txt`, { redirect: 'manual' })).status, 302)
  })

  it('is on the page with its end only, without colours', async () => {
    const run = await runWithLog(`${'x\n'.repeat(100_000)}\x1b[31mlast <b>line\x1b[0m\x07\n`)
    const { html } = await wangFang.open(`/runs/${run.id}`)
    assert.match(html, /\nlast &lt;b&gt;line\n/)
    assert.ok(html.length < 100_000, `${html.length} bytes`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there.
    assert.doesNotMatch(html, /[\x00-\x08\x1b]/)
  })
})

describe('what two processes read from the test server', () => {
  it('is kept once', async () => {
    const { id, log } = await runWithLog('first\n')
    const position = await log.position()
    const part = { text: 'second\n', nextOffset: position.offset + 7, eof: false }
    await Promise.all([log.append(position, part), log.append(position, part), log.append(position, part)])
    assert.equal((await read(id)).text, 'first\nsecond\n')
  })

  it('is kept up to a limit, which is said', async () => {
    const { id, log } = await runWithLog('first\n')
    const position = await log.position()
    await log.append({ ...position, remaining: 7 }, { text: 'zweité…\nmore', nextOffset: 99, eof: false })
    const { text, cut, eof } = await read(id)
    assert.deepEqual([text, cut, eof], ['first\nzweité', true, true])
    assert.match((await wangFang.open(`/runs/${id}`)).html, /Only its beginning is kept/)
  })
})

describe('a log that an earlier version kept', () => {
  it('goes on where it was', async () => {
    const { id, log } = await runWithLog()
    await db.$executeRaw`
      INSERT INTO run_logs (run_id, position, next_offset, text, eof, cut) VALUES (${id}, 0, 4, E'old\n', false, false)`
    await append(log, 'new\n')
    assert.equal((await read(id)).text, 'old\nnew\n')
    assert.equal((await read(id, 'offset=2&limit=4')).text, 'd\nne')
  })
})

describe('old logs', () => {
  it('are shortened to their end, and say so', async () => {
    const text = `${'0123456789abcdef\n'.repeat(200_000)}the end\n`
    const { id } = await runWithLog(text)
    const recent = await runWithLog(text)
    await db.run.update({ where: { id }, data: { finishedAt: new Date(Date.now() - 3 * 86_400_000) } })
    const also = await runWithLog(text)
    const finishedAt = new Date(Date.now() - 3 * 86_400_000)
    await db.run.updateMany({ where: { id: also.id }, data: { finishedAt } })
    const shorten = () => shortenOldLogs(db, { days: 2, most: 1 })
    assert.deepEqual([await shorten(), await shorten(), await shorten()], [1, 1, 0])
    const { offset, kept_from, size, text: kept } = await read(id)
    assert.deepEqual([size, offset], [text.length, kept_from])
    assert.equal(size - kept_from, 1024 * 1024)
    assert.ok(text.endsWith(kept))
    assert.equal((await read(recent.id)).kept_from, 0)
    const stored = await db.$queryRaw<{ bytes: bigint }[]>`
      SELECT sum(octet_length(text)) AS bytes FROM run_log_parts WHERE run_id = ${id}`
    assert.ok(Number(stored[0]?.bytes) < 1.2 * 1024 * 1024)
    assert.equal((await wangFang.open(`/runs/${id}/log.txt`)).html, kept)
    assert.match((await wangFang.open(`/runs/${id}`)).html, /It was shortened to its end/)
  })
})
