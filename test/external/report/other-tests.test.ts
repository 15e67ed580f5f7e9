import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTests } from '../../../src/external/report/index.ts'
import { reportServer } from './report-server.ts'

test('JUnit XML tells each case with its suites and why it fails', async t => {
  const { url } = await reportServer(t, {
    '/junit.xml': `<testsuites><testsuite name="cds">
        <testcase classname="live" name="login" time="0.5"/>
        <testcase classname="live" name="seek" time="0.7"><failure message="boom &lt;b&gt;">at a.py:3</failure></testcase>
        <testsuite name="hls"><testcase classname="hls" name="cut"><error message="away"/><system-out>noise</system-out></testcase></testsuite>
        <testcase classname="live" name="retry"><flakyFailure message="once">late</flakyFailure></testcase>
      </testsuite></testsuites>`,
  })
  const { tests } = await readTests(`${url}/junit.xml`, 'junit')
  assert.deepEqual(
    tests?.map(({ id: _, ...rest }) => rest),
    [
      { name: 'login', suite: 'cds › live', status: 'passed', duration_ms: 500, message: null, trace: null },
      {
        ...{ name: 'seek', suite: 'cds › live', status: 'failed', duration_ms: 700 },
        ...{ message: 'boom <b>', trace: 'at a.py:3' },
      },
      { name: 'cut', suite: 'cds › hls', status: 'broken', duration_ms: null, message: 'away', trace: null },
      { name: 'retry', suite: 'cds › live', status: 'passed', duration_ms: null, message: null, trace: null },
    ].map((each, i) => ({ ...each, retries: i === 3 ? 1 : 0, flaky: i === 3 })),
  )
  assert.equal(new Set(tests?.map(({ id }) => id)).size, 4)
})

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;')

test('pytest-html tells each test with the error out of its log', async t => {
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
  const page = `<div id="data-container" data-jsonblob="${escapeHtml(JSON.stringify(blob))}"></div>`
  const { url } = await reportServer(t, { '/report.html': page })
  const { tests } = await readTests(`${url}/report.html`, 'pytest-html')
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
})

test('a list that names no tests one by one is none', async t => {
  const { url } = await reportServer(t, { '/widgets/statistic.json': '{"total": 3, "passed": 3}' })
  assert.equal((await readTests(url, 'statistic')).tests, null)
})
