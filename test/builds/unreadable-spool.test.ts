import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, it } from 'node:test'
import { pino } from 'pino'
import { openSpool } from '../../src/builds/spool.ts'

const folder = await mkdtemp(join(tmpdir(), 'crat-spool-'))
after(() => rm(folder, { recursive: true, force: true }))

it('an announcement that cannot be read is logged and stays; those behind it are stored', async () => {
  const lines = new PassThrough()
  const spool = openSpool(folder, pino(lines))
  // A folder where a file should be: the disk does not give it, whoever asks.
  await mkdir(join(folder, '0000000000000.000-damaged.json'))
  await spool.keep({ JOB_NAME: 'CDN/Core' }, null)

  const stored: unknown[] = []
  assert.equal(await spool.drain(async ({ body }) => void stored.push(body)), 1)
  lines.end()

  assert.deepEqual(stored, [{ JOB_NAME: 'CDN/Core' }])
  assert.equal(await spool.waiting(), 1)
  assert.match(await text(lines), /cannot read.*damaged|damaged.*cannot read/)
})
