import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReport } from '../../../src/external/report/index.ts'
import { failing, reportServer, words } from './report-server.ts'

test('of many that fail the first 200 are explained, six at a time', async t => {
  const names = Array.from({ length: 10_000 }, (_, i) => `t${i}`)
  let now = 0
  let most = 0
  const files = Object.fromEntries(
    names.map((name, i) => [
      `/data/test-results/r${i}.json`,
      (_: unknown, response: { end(body: string): void }) => {
        most = Math.max(most, ++now)
        setImmediate(() => {
          now--
          response.end(JSON.stringify({ error: { message: `no ${name}` } }))
        })
      },
    ]),
  )
  const { url, asked } = await reportServer(t, { ...files, ...failing(names) })
  const { tests } = await readReport(url)
  assert.equal(tests?.length, 10_000)
  assert.equal(tests?.[199]?.message, 'no t199')
  assert.equal(tests?.[200]?.message, null)
  assert.equal(asked.filter(path => path.startsWith('/data/')).length, 200)
  assert.ok(most <= 6 && most > 1, `${most} at once`)
})

test('of many that fail in a page of their own the first 200 keep their reasons', async t => {
  const cases = Array.from(
    { length: 201 },
    (_, i) => `<testcase name="t${i}"><failure message="no"/></testcase>`,
  )
  const { url } = await reportServer(t, { '/junit.xml': `<testsuite>${cases.join('')}</testsuite>` })
  const { tests } = await readReport(`${url}/junit.xml`)
  assert.equal(tests?.[199]?.message, 'no')
  assert.equal(tests?.[200]?.message, null)
})

test('more than 50,000 tests are counted, not kept', async t => {
  const { url } = await reportServer(t, {
    '/junit.xml': `<testsuite>${'<testcase name="t"/>'.repeat(50_001)}</testsuite>`,
    ...failing(Array.from({ length: 50_001 }, (_, i) => `t${i}`)),
  })
  for (const [address, path] of [
    [`${url}/junit.xml`, '/junit.xml'],
    [url, '/widgets/tree.json'],
  ]) {
    const { summary, tests, testsTried } = await readReport(address ?? '')
    assert.equal(summary?.total, 50_001)
    assert.equal(tests, null)
    const params = { count: 50_001, max: 50_000 }
    assert.deepEqual(testsTried, [{ url: url + path, result: { key: 'report:too_many_tests', params } }])
  }
})

test('the reason of a failure is plain and short', async t => {
  const { url } = await reportServer(t, {
    ...failing(['seek']),
    '/data/test-results/r0.json': JSON.stringify({
      error: { message: '\u001b[31mred\u001b[39m', trace: 'x'.repeat(100_000) },
    }),
  })
  const { tests } = await readReport(url)
  assert.equal(tests?.[0]?.message, 'red')
  assert.equal(tests?.[0]?.trace?.length, 8000)
})

test('a list larger than allowed is not read', async t => {
  const { url } = await reportServer(t, failing(['seek', 'hls']))
  const { summary, tests, testsTried } = await readReport(url, { maxBytes: 100 })
  assert.equal(summary?.total, 2)
  assert.equal(tests, null)
  assert.equal(words(testsTried)[0], 'http:too_large')
})

test('a signal that is aborted while the tests are read throws its reason', async t => {
  const stop = new AbortController()
  const abort = () => stop.abort(new Error('cancelled'))
  const names = ['seek', 'hls']
  const list = await reportServer(t, { ...failing(names), '/widgets/tree.json': abort })
  await assert.rejects(readReport(list.url, { signal: stop.signal }), /cancelled/)

  const again = new AbortController()
  const reasons = await reportServer(t, {
    ...failing(names),
    '/data/test-results/r0.json': () => again.abort(new Error('cancelled')),
    '/data/test-results/r1.json': () => undefined,
  })
  await assert.rejects(readReport(reasons.url, { signal: again.signal }), /cancelled/)
})
