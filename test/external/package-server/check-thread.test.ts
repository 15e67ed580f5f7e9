import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { fetchPackage } from '../../../src/external/package-server/index.ts'
import { BrokenPackage } from '../../../src/external/package-server/package-error.ts'
import { StreamCheck } from '../../../src/external/package-server/stream-check.ts'
import { makePackage, md5, NO_PAUSES, serveFile, servePage, sha256, temporaryFolder } from './world.ts'

const CONTENT = makePackage()

const started: Worker[] = []
process.on('worker', worker => started.push(worker))
const ENDED = -1
const threads = () => started.filter(({ threadId }) => threadId !== ENDED).length

test('the checks of a package run beside this thread and end with it', async () => {
  const check = new StreamCheck('cds.tgz', 'md5')
  await check.write(CONTENT)
  assert.ok(threads() > 0)
  assert.deepEqual(await check.end(), { sha256: sha256(CONTENT), md5: md5(CONTENT) })
  await check.close()
  assert.equal(threads(), 0)
})

test('a broken package is found out there, and the thread still ends', async () => {
  const check = new StreamCheck('cds.tgz', undefined)
  await assert.rejects(check.write(Buffer.from('<html>')), error => {
    assert.ok(error instanceof BrokenPackage)
    return error.key === 'package:not_gzip'
  })
  await check.close()
  assert.equal(threads(), 0)
})

test('a check that is closed meanwhile fails instead of waiting for ever', async () => {
  const check = new StreamCheck('cds.tgz', undefined)
  const writing = assert.rejects(check.write(CONTENT), /has ended/)
  await check.close()
  await writing
  await assert.rejects(check.end(), /has ended/)
})

test('an abort ends the thread', async t => {
  const { choice } = await serveFile(t, {
    content: CONTENT,
    instead: (_request, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length }).write(CONTENT.subarray(0, 1000))
      return true
    },
  })
  const controller = new AbortController()
  const { signal } = controller
  const fetching = fetchPackage(choice, { folder: await temporaryFolder(t), signal })
  const aborted = assert.rejects(fetching, { message: 'cancelled' })
  while (threads() === 0) await new Promise(resolve => setImmediate(resolve))
  controller.abort(new Error('cancelled'))
  await aborted
  assert.equal(threads(), 0)
})

test('a wrong checksum is found, and the thread ends', async t => {
  const { choice } = await serveFile(t, { content: CONTENT })
  const url = await servePage(t, md5(Buffer.from('other')))
  const checksumFiles = [{ algorithm: 'md5' as const, url: `${url}/${choice.name}.md5` }]
  const folder = await temporaryFolder(t)
  const fetching = fetchPackage({ ...choice, checksumFiles }, { folder, pauses: NO_PAUSES })
  await assert.rejects(fetching, { key: 'package:checksum_mismatch' })
  assert.equal(threads(), 0)
})
