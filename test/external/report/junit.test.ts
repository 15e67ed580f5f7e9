import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomeOf, readReport } from '../../../src/external/report/index.ts'
import { parseSuites } from '../../../src/external/report/junit-suites.ts'
import { reportServer, words } from './report-server.ts'

const read = async (t: Parameters<typeof reportServer>[0], xml: string) => {
  const { url } = await reportServer(t, { '/out/junit.xml': xml })
  return readReport(`${url}/out/junit.xml`)
}

test('JUnit XML is read at its own address, and nothing beside it', async t => {
  const { url, asked } = await reportServer(t, {
    '/out/junit.xml': `<?xml version="1.0" encoding="utf-8"?>
      <testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5" time="4.500"
        timestamp="2025-05-29T10:53:42.908000+08:00">
        <testcase classname="live" name="login" time="0.5"/>
        <testcase classname="live" name="seek" time="0.7"><failure message="boom">&lt;b&gt;</failure></testcase>
        <testcase classname="live" name="hls" time="1,000.3"><error message="boom"/></testcase>
        <testcase classname="live" name="skip"><skipped/></testcase>
        <testcase classname="live" name="retry" time="0.5"><system-out><![CDATA[<testcase/>]]></system-out></testcase>
      </testsuite></testsuites>`,
  })
  const { summary, format } = await readReport(`${url}/out/junit.xml`)
  assert.equal(format, 'junit')
  assert.deepEqual(summary, {
    ...{ passed: 2, failed: 1, broken: 1, skipped: 1, unknown: 0, total: 5, pass_rate: 40 },
    ...{ start: '2025-05-29T02:53:42.908Z', stop: '2025-05-29T02:53:47.408Z', duration_ms: 4500 },
    ...{ min_duration_ms: 500, max_duration_ms: 1_000_300, sum_duration_ms: 1_002_000 },
  })
  assert.deepEqual(asked, ['/out/junit.xml'])
})

test('JUnit XML lists each case with its suites and why it fails', async t => {
  const { url, asked } = await reportServer(t, {
    '/junit.xml': `<testsuites><testsuite name="cds">
        <testcase classname="live" name="login" time="0.5"/>
        <testcase classname="live" name="seek" time="0.7"><failure message="boom &lt;b&gt;">at a.py:3</failure></testcase>
        <testsuite name="hls"><testcase classname="hls" name="cut"><error message="away"/><system-out>noise</system-out></testcase></testsuite>
        <testcase classname="live" name="retry"><flakyFailure message="once">late</flakyFailure></testcase>
      </testsuite></testsuites>`,
  })
  const { tests } = await readReport(`${url}/junit.xml`)
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
  assert.deepEqual(asked, ['/junit.xml'])
})

test('a single suite is a report, suites nest, and a case that failed twice is one', async t => {
  const { summary } = await read(
    t,
    `<testsuite name="all"><testsuite name="a"><testcase name="1"/><testsuite name="b">
      <testcase name="2"><error/><failure/></testcase></testsuite></testsuite></testsuite>`,
  )
  assert.equal(summary?.total, 2)
  assert.equal(summary?.failed, 1)
  assert.equal(summary?.broken, 0)
  assert.equal(summary?.duration_ms, null)
  assert.equal(summary?.sum_duration_ms, null)
})

test('a start without a zone is not taken for one', async t => {
  const { summary } = await read(t, '<testsuite timestamp="2025-05-29T10:53:42"><testcase/></testsuite>')
  assert.equal(summary?.start, null)
})

test('suites without a case are zero tests', async t => {
  const { summary } = await read(t, '<testsuites/>')
  assert.equal(summary?.total, 0)
  assert.equal(outcomeOf(summary), 'unknown')
})

test('a file that breaks off is not believed', async t => {
  const { summary, tried } = await read(t, '<testsuites><testsuite><testcase name="1"/><testca')
  assert.equal(summary, null)
  assert.deepEqual(words(tried), ['report:not_a_report'])
})

test('other XML is no report', async t => {
  assert.equal((await read(t, '<html><testsuite><testcase/></testsuite></html>')).summary, null)
  assert.equal((await read(t, 'testsuite')).summary, null)
})

test('an entity bomb stays small', async t => {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
  const { summary } = await read(
    t,
    `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">${entities.join('')}]>
     <testsuite name="&l9;"><testcase name="&x;"/></testsuite>`,
  )
  assert.equal(summary?.total, 1)
})

test('suites nested without end are no report', async t => {
  const nested = (depth: number) => `${'<testsuite>'.repeat(depth)}${'</testsuite>'.repeat(depth)}`
  assert.equal((await read(t, nested(20))).summary?.total, 0)
  const { summary } = await read(t, nested(1000))
  assert.equal(summary, null)
})

test('of very many cases the figures are kept, and few of their reasons', async t => {
  const failing = '<testcase name="seek"><failure message="boom">at a.py:3</failure></testcase>'.repeat(201)
  const { cases, statuses } =
    parseSuites(`<testsuite>${failing}${'<testcase/>'.repeat(60_000)}</testsuite>`) ?? {}
  assert.deepEqual([cases?.length, statuses?.length], [50_001, 60_201])
  const reasons = cases?.filter(({ message, trace }) => message === 'boom' && trace === 'at a.py:3')
  assert.equal(reasons?.length, 200)
  const { summary, tests, testsTried } = await read(
    t,
    `<testsuite>${'<testcase/>'.repeat(60_000)}</testsuite>`,
  )
  assert.deepEqual([summary?.passed, tests], [60_000, null])
  assert.deepEqual(testsTried?.[0]?.result.params, { count: 60_000, max: 50_000 })
})
