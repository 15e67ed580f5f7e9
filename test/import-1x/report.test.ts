import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import type { Remark } from '../../src/import-1x/journal.ts'
import { openReport } from '../../src/import-1x/report.ts'

const folder = await mkdtemp(join(tmpdir(), 'crat-report-'))
after(() => rm(folder, { recursive: true, force: true }))

const remark = (id: number, what: Remark['what']): Remark => ({
  ...{ table: 'build_info', id: `${id}`, what, why: 'so' },
})

it('counts every remark, and keeps those that are not taken behind any number of changes', async () => {
  const path = join(folder, 'report.jsonl')
  const report = await openReport(path)
  for (let id = 0; id < 20_000; id += 1) report.add(remark(id, 'taken with a change'))
  report.add(remark(20_000, 'not taken'))
  await report.close()
  assert.equal(report.number, 20_001)
  assert.deepEqual(report.notTaken, [remark(20_000, 'not taken')])
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  assert.equal(lines.length, 20_001)
})

it('is refused before the import where its file cannot be written', async () => {
  await assert.rejects(openReport(join(folder, 'none', 'report.jsonl')), /cannot be written: ENOENT/)
})
