import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fetchReportArchive } from '../../../src/external/test-server/index.ts'
import { reportServer } from '../report/report-server.ts'

test('the connection of an archive that is too large is closed', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'crat-archive-'))
  t.after(() => rm(folder, { recursive: true }))
  const closed = Promise.withResolvers<unknown>()
  const endless = (_request: unknown, response: ServerResponse) => {
    response.write(Buffer.alloc(100_000))
    closed.resolve(once(response, 'close'))
  }
  const { url } = await reportServer(t, { '/api/tasks/task-1/report.tgz': endless })
  const { signal } = new AbortController()
  await assert.rejects(fetchReportArchive(url, 'task-1', { token: '', signal, folder, maxBytes: 1_000 }))
  await closed.promise
  assert.deepEqual(await readdir(folder), [])
})
