import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readReport } from '../../../src/external/report/index.ts'
import {
  ALLURE2,
  ALLURE3,
  allure,
  COUNTS,
  reportServer,
  singleFile,
  TESTS,
  TIMES,
  withoutIds,
  words,
} from './report-server.ts'

test('Allure 2 in one file is read out of its index.html', async t => {
  const { url } = await reportServer(t, {
    '/index.html': singleFile('allure2-2.46.1', ['widgets/summary.json'], "'"),
  })
  const { summary, tests, format, testsTried } = await readReport(url)
  assert.deepEqual(summary, { ...COUNTS, ...TIMES })
  assert.equal(format, 'allure2')
  assert.equal(tests, null)
  assert.deepEqual(words(testsTried), ['report:not_tests'])
})

test('a summary in double quotes, of either version, is read out of the page', async t => {
  for (const file of ['allure2-2.46.1/widgets/summary.json', 'allure3-3.18-awesome/summary.json']) {
    const base64 = Buffer.from(allure(file)).toString('base64')
    const page = `<script>d("widgets/summary.json","${base64}")</script>`
    const { url } = await reportServer(t, { '/report.html': page })
    const { summary } = await readReport(`${url}/report.html`)
    assert.equal(summary?.total, 5, file)
  }
})

for (const [folder, names, quote, format] of [
  ['allure2-2.46.1', ALLURE2, "'", 'allure2'],
  ['allure3-3.18-awesome', ALLURE3, '"', 'allure3'],
] as const) {
  test(`a report in one file is requested once: ${folder}`, async t => {
    const { url, asked } = await reportServer(t, { '/cds.html': singleFile(folder, [...names], quote) })
    const report = await readReport(`${url}/cds.html`)
    assert.deepEqual(asked, ['/cds.html'])
    assert.equal(report.format, format)
    assert.deepEqual(report.summary, { ...COUNTS, ...TIMES })
    assert.deepEqual(withoutIds(report.tests), TESTS)
    const read = [{ url: `${url}/cds.html`, result: { key: 'report:read', params: {} } }]
    assert.deepEqual([report.tried, report.testsTried], [read, read])
  })
}

test('what Allure 3 itself writes as one file gives counts and times', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'crat-report-'))
  t.after(() => rm(folder, { recursive: true }))
  const start = 1748487222908
  const results = ['passed', 'passed', 'failed'].map((status, i) =>
    writeFile(
      join(folder, `${i}-result.json`),
      JSON.stringify({
        ...{ uuid: `${i}`, historyId: `${i}`, name: `t${i}`, fullName: `cds#t${i}`, status, labels: [] },
        ...{ start: start + i * 1000, stop: start + i * 1000 + 100 },
      }),
    ),
  )
  await Promise.all(results)
  const config = join(folder, 'allurerc.json')
  const output = join(folder, 'report')
  await writeFile(
    config,
    JSON.stringify({ name: 'cds', output, plugins: { awesome: { options: { singleFile: true } } } }),
  )
  const cli = fileURLToPath(new URL('../../../node_modules/allure/cli.js', import.meta.url))
  await promisify(execFile)(process.execPath, [cli, 'generate', '--config', config, folder], { cwd: folder })

  const { url, asked } = await reportServer(t, {
    '/index.html': await readFile(join(output, 'index.html')),
  })
  const { summary, tests, format } = await readReport(`${url}/index.html`)
  assert.equal(format, 'allure3')
  assert.equal(summary?.passed, 2)
  assert.equal(summary?.failed, 1)
  assert.equal(summary?.start, '2025-05-29T02:53:42.908Z')
  assert.equal(summary?.duration_ms, 2100)
  assert.equal(summary?.sum_duration_ms, 300)
  assert.deepEqual(
    tests?.map(({ name, status }) => [name, status]),
    [
      ['t0', 'passed'],
      ['t1', 'passed'],
      ['t2', 'failed'],
    ],
  )
  assert.equal(asked.filter(path => path === '/index.html').length, 1)
})
