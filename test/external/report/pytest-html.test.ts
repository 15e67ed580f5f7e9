import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReport } from '../../../src/external/report/index.ts'
import { reportServer } from './report-server.ts'

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;')

const pageWith = (blob: string) => `<!DOCTYPE html><html><head><title>report.html</title></head><body>
  <div id="data-container" data-jsonblob="${escapeHtml(blob)}"></div></body></html>`

const results = (...words: string[]) =>
  words.map(result => ({ extras: [], result, duration: '00:00:01', log: '<b>"log"</b>' }))

test('pytest-html is read out of its data container', async t => {
  const tests = {
    'test_live.py::test_login': results('Passed'),
    'test_live.py::test_seek': results('Failed'),
    'test_live.py::test_hls::setup': results('Error'),
    'test_live.py::test_skip': results('Skipped'),
    'test_live.py::test_known': results('XFailed'),
    'test_live.py::test_mended': results('XPassed'),
    'test_live.py::test_retry': results('Rerun', 'Rerun', 'Passed'),
    'test_live.py::test_cut': results('Rerun'),
  }
  const blob = JSON.stringify({ environment: {}, tests, title: 'report.html' })
  const { url } = await reportServer(t, { '/cds/report.html': pageWith(blob) })
  const { summary, format } = await readReport(`${url}/cds/report.html`)
  assert.equal(format, 'pytest-html')
  assert.deepEqual(summary, {
    ...{ passed: 3, failed: 1, broken: 1, skipped: 2, unknown: 1, total: 8, pass_rate: 37.5 },
    ...{ start: null, stop: null, duration_ms: null },
    ...{ min_duration_ms: null, max_duration_ms: null, sum_duration_ms: null },
  })
})

test('pytest-html lists each test with the error out of its log', async t => {
  const log =
    'def test_seek():\n&gt;   assert 1 == 2\n<span>E   assert 1 == 2</span>\n\na.py:3: AssertionError'
  const blob = {
    tests: {
      'live.py::TestHls::test_login[a::b]': [{ result: 'Passed', log: 'No log output captured.' }],
      'live.py::test_seek': [{ result: 'Failed', log }],
      'live.py::test_hls::setup': [{ result: 'Error', log: '' }],
      'live.py::test_retry': [{ result: 'Rerun' }, { result: 'Passed' }],
    },
  }
  const { url, asked } = await reportServer(t, { '/report.html': pageWith(JSON.stringify(blob)) })
  const { tests } = await readReport(`${url}/report.html`)
  assert.deepEqual(
    tests?.map(({ suite, name, status, message, flaky }) => [suite, name, status, message, flaky]),
    [
      ['live.py › TestHls', 'test_login[a::b]', 'passed', null, false],
      ['live.py', 'test_seek', 'failed', 'assert 1 == 2', false],
      ['live.py', 'test_hls::setup', 'broken', null, false],
      ['live.py', 'test_retry', 'passed', null, true],
    ],
  )
  assert.match(tests?.[1]?.trace ?? '', /^def test_seek\(\):\n> {3}assert 1 == 2\nE {3}assert/)
  assert.deepEqual(asked, ['/report.html'])
})

test('a container whose data are broken is no report', async t => {
  const { url } = await reportServer(t, { '/report.html': pageWith('{"tests": {"a": [{"result"') })
  assert.equal((await readReport(`${url}/report.html`)).summary, null)
})

test('a container below elements nested without end is not looked for', async t => {
  const { url } = await reportServer(t, {
    '/report.html': `${'<b>'.repeat(1000)}${pageWith('{"tests":{}}')}`,
  })
  assert.equal((await readReport(`${url}/report.html`)).summary, null)
})
