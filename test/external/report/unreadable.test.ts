import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { readReport } from '../../../src/external/report/index.ts'
import { translate } from '../../../src/lib/i18n.ts'
import { allure, reportServer, words } from './report-server.ts'

const ORDER = [
  '/cds/widgets/summary.json',
  '/cds/summary.json',
  '/cds/awesome/summary.json',
  '/cds/classic/summary.json',
  '/cds/dashboard/summary.json',
  '/cds/widgets/statistic.json',
  '/cds/index.html',
]

test('a report that is not there is tried everywhere, in order, and said to be so', async t => {
  const { url, asked } = await reportServer(t, {})
  const report = await readReport(`${url}/cds/index.html`)
  assert.equal(report.summary, null)
  assert.equal(report.format, null)
  assert.deepEqual(asked, ORDER)
  assert.deepEqual(
    report.tried.map(each => each.url),
    ORDER.map(path => url + path),
  )
  const [first] = report.tried
  assert.ok(first)
  assert.equal(translate('en', first.result.key, first.result.params), 'the server answered 404')
})

test('an application that answers its start page for everything has no report', async t => {
  const page = '<!doctype html><title>Start</title>'
  const { url } = await reportServer(t, Object.fromEntries([...ORDER, '/cds'].map(path => [path, page])))
  const { summary, tried } = await readReport(`${url}/cds`)
  assert.equal(summary, null)
  assert.deepEqual(words(tried), [
    ...Array(6).fill('report:html'),
    'report:not_a_report',
    'report:not_a_report',
  ])
})

test('neither broken JSON nor JSON of something else stops the search', async t => {
  const { url } = await reportServer(t, {
    '/widgets/summary.json': '{"statistic": {"passed": 5',
    '/summary.json': '{"error": "not found"}',
    '/awesome/summary.json': 'null',
    '/classic/summary.json': '\uFEFF{"stats": {"passed": 5}}',
  })
  const { summary, tried } = await readReport(url)
  assert.deepEqual(words(tried).slice(0, 4), [
    'report:not_json',
    'report:not_a_summary',
    'report:not_a_summary',
    'report:read',
  ])
  assert.equal(summary?.passed, 5)
})

test('redirects are followed, but not for ever', async t => {
  const { url } = await reportServer(t, {
    '/moved/widgets/summary.json': (_, response) =>
      response.writeHead(302, { location: '/cds/widgets/summary.json' }).end(),
    '/cds/widgets/summary.json': allure('allure2-2.46.1/widgets/summary.json'),
    '/loop/widgets/summary.json': (request, response) =>
      response.writeHead(302, { location: request.url }).end(),
  })
  assert.equal((await readReport(`${url}/moved/`)).summary?.total, 5)
  const { summary, tried } = await readReport(`${url}/loop/`)
  assert.equal(summary, null)
  assert.notEqual(tried[0]?.result.key, 'report:read')
})

test('a page larger than allowed is not read', async t => {
  const { url } = await reportServer(t, { '/report.html': 'x'.repeat(5000) })
  const { tried } = await readReport(`${url}/report.html`, { maxBytes: 1000 })
  assert.deepEqual(words(tried), ['http:too_large'])
})

test('a server that never answers takes the time of four calls, not of eight', async t => {
  const { url } = await reportServer(
    t,
    Object.fromEntries([...ORDER, '/cds/'].map(path => [path, () => undefined])),
  )
  const { summary, tried } = await readReport(`${url}/cds/`, { timeoutMs: 100 })
  assert.equal(summary, null)
  assert.equal(words(tried)[0], 'http:timeout')
  assert.ok(tried.length <= 6, `${tried.length} calls`)
  assert.equal(words(tried).at(-1), 'report:out_of_time')
})

test('a host that refuses the connection is asked once', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  server.close()
  await once(server, 'close')
  const { tried } = await readReport(`http://127.0.0.1:${address.port}/cds/`)
  assert.deepEqual(words(tried), ['http:refused'])
})

for (const wrong of ['None', '', 'ftp://10.8.24.59/cds/', 'file:///etc/passwd', 'javascript:alert(1)']) {
  test(`“${wrong}” is no report address`, async () => {
    const report = await readReport(wrong)
    assert.equal(report.summary, null)
    assert.deepEqual(words(report.tried), ['report:not_http'])
  })
}

test('an aborted signal throws its reason', async t => {
  const stop = new AbortController()
  const { url } = await reportServer(t, { '/widgets/summary.json': () => stop.abort(new Error('cancelled')) })
  await assert.rejects(readReport(url, { signal: stop.signal }), /cancelled/)
  await assert.rejects(readReport(url, { signal: stop.signal }), /cancelled/)
})
