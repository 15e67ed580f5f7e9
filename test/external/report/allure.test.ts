import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { outcomeOf, readReport } from '../../../src/external/report/index.ts'
import { allure, reportServer, words } from './report-server.ts'

const COUNTS = { passed: 2, failed: 1, broken: 1, skipped: 1, unknown: 0, total: 5, pass_rate: 40 }
const TIMES = {
  start: '2025-05-29T02:53:42.908Z',
  stop: '2025-05-29T02:53:47.408Z',
  duration_ms: 4500,
  min_duration_ms: 500,
  max_duration_ms: 500,
  sum_duration_ms: 2500,
}
const NO_TIMES = {
  start: null,
  stop: null,
  duration_ms: null,
  min_duration_ms: null,
  max_duration_ms: null,
  sum_duration_ms: null,
}

test('Allure 2 gives every figure at the first address', async t => {
  const { url, asked } = await reportServer(t, {
    '/cds_5329/widgets/summary.json': allure('allure2-2.46.1/widgets/summary.json'),
  })
  const report = await readReport(`${url}/cds_5329/index.html#suites`)
  assert.deepEqual(report.summary, { ...COUNTS, ...TIMES })
  assert.equal(report.format, 'allure2')
  assert.equal(report.url, `${url}/cds_5329/`)
  assert.deepEqual(asked, ['/cds_5329/widgets/summary.json'])
  assert.equal(outcomeOf(report.summary), 'failed')
})

test('an empty Allure 2 report has zero tests, no times and no outcome', async t => {
  const { url } = await reportServer(t, {
    '/widgets/summary.json': allure('allure2-empty/widgets/summary.json'),
  })
  const { summary } = await readReport(url)
  assert.equal(summary?.total, 0)
  assert.equal(summary?.pass_rate, null)
  assert.equal(summary?.duration_ms, null)
  assert.equal(outcomeOf(summary), 'unknown')
})

for (const version of ['3.14.3', '3.18']) {
  test(`Allure ${version} means the same by its figures, whatever its duration is`, async t => {
    const folder = `allure3-${version}-awesome`
    const { url, asked } = await reportServer(t, {
      '/cds/summary.json': allure(`${folder}/summary.json`),
      '/cds/widgets/statistic.json': allure(`${folder}/widgets/statistic.json`),
      '/cds/widgets/tree.json': allure(`${folder}/widgets/tree.json`),
    })
    const report = await readReport(`${url}/cds`)
    assert.deepEqual(report.summary, { ...COUNTS, ...TIMES })
    assert.equal(report.format, 'allure3')
    assert.deepEqual(asked, ['/cds/widgets/summary.json', '/cds/summary.json', '/cds/widgets/tree.json'])
  })
}

test('without its tree, Allure 3 gives the duration as it stands in the summary', async t => {
  const { url } = await reportServer(t, { '/summary.json': allure('allure3-3.18-awesome/summary.json') })
  const { summary, tried } = await readReport(url)
  assert.deepEqual(summary, { ...COUNTS, ...NO_TIMES, duration_ms: 4500 })
  assert.deepEqual(words(tried), ['report:status', 'report:read', 'report:status'])
})

test('a tree of other tests than the summary counts changes nothing', async t => {
  const { url } = await reportServer(t, {
    '/summary.json': JSON.stringify({ stats: { total: 6, passed: 6 }, duration: 900 }),
    '/widgets/tree.json': allure('allure3-3.18-awesome/widgets/tree.json'),
  })
  const { summary } = await readReport(url)
  assert.equal(summary?.duration_ms, 900)
  assert.equal(summary?.start, null)
})

test('an empty Allure 3 report calls itself passed and is not', async t => {
  const { url } = await reportServer(t, { '/summary.json': allure('allure3-3.18-empty/summary.json') })
  const { summary } = await readReport(url)
  assert.deepEqual(summary, {
    ...{ passed: 0, failed: 0, broken: 0, skipped: 0, unknown: 0, total: 0, pass_rate: null },
    ...NO_TIMES,
  })
  assert.equal(outcomeOf(summary), 'unknown')
})

for (const plugin of ['awesome', 'classic', 'dashboard']) {
  test(`Allure 3 with several plugins is read in ${plugin}/`, async t => {
    const { url } = await reportServer(t, {
      '/index.html': '<!doctype html><a href="awesome/">awesome</a>',
      [`/${plugin}/summary.json`]: allure('allure3-3.18-awesome/summary.json'),
    })
    const { summary, format } = await readReport(`${url}/index.html`)
    assert.equal(summary?.total, 5)
    assert.equal(format, 'allure3')
  })
}

test('widgets/statistic.json gives counts alone', async t => {
  const { url } = await reportServer(t, {
    '/widgets/statistic.json': allure('allure3-3.18-awesome/widgets/statistic.json'),
  })
  const report = await readReport(url)
  assert.deepEqual(report.summary, { ...COUNTS, ...NO_TIMES })
  assert.equal(report.format, 'statistic')
})

const base64 = (text: string) => Buffer.from(text).toString('base64')

test('Allure 2 in one file is read out of its index.html', async t => {
  const data = base64(allure('allure2-2.46.1/widgets/summary.json'))
  const { url } = await reportServer(t, {
    '/index.html': `<script>function d(n,v){}</script><script>d('widgets/summary.json','${data}')</script>`,
  })
  const report = await readReport(url)
  assert.deepEqual(report.summary, { ...COUNTS, ...TIMES })
  assert.equal(report.format, 'allure2')
})

test('a summary in double quotes, of either version, is read out of the page', async t => {
  for (const file of ['allure2-2.46.1/widgets/summary.json', 'allure3-3.18-awesome/summary.json']) {
    const page = `<script>d("widgets/summary.json","${base64(allure(file))}")</script>`
    const { url } = await reportServer(t, { '/report.html': page })
    const { summary } = await readReport(`${url}/report.html`)
    assert.equal(summary?.total, 5, file)
  }
})

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

  const { url } = await reportServer(t, { '/index.html': await readFile(join(output, 'index.html')) })
  const { summary, format } = await readReport(`${url}/index.html`)
  assert.equal(format, 'allure3')
  assert.equal(summary?.passed, 2)
  assert.equal(summary?.failed, 1)
  assert.equal(summary?.start, '2025-05-29T02:53:42.908Z')
  assert.equal(summary?.duration_ms, 2100)
  assert.equal(summary?.sum_duration_ms, 300)
})
