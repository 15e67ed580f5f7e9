import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Parser } from 'htmlparser2'
import type { ReportSummary } from '../../../src/lib/report-summary.ts'
import { TONES } from '../../../src/notifications/mail/colours.ts'
import { renderRunMail } from '../../../src/notifications/mail/run-mail.ts'
import type { RunFacts } from '../../../src/notifications/run-facts.ts'
import { failedIn, liWeisRun, withFigures } from './runs.ts'

process.env.TZ = 'Asia/Shanghai'

/** What a reader sees of the HTML, and where its links lead. */
function read(html: string) {
  let text = ''
  let hidden = false
  const elements: string[] = []
  const hrefs: string[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      elements.push(name)
      hidden = name === 'style' || name === 'title'
      if (name === 'a' && attributes.href) hrefs.push(attributes.href)
    },
    onclosetag() {
      hidden = false
    },
    ontext(part) {
      if (!hidden) text += part
    },
  })
  parser.end(html)
  return { text: text.replaceAll(/\s+/g, ' '), elements, hrefs }
}

const REFUSED = { key: 'http:refused', params: { host: '10.8.24.59:8080', url: 'http://10.8.24.59:8080/' } }
const report = (change: Partial<RunFacts['report']>) =>
  liWeisRun({ report: { ...liWeisRun().report, ...change } })

const SUBJECTS: [RunFacts, string, string][] = [
  [liWeisRun(), 'passed: 52 of 52 · cds #101', '通过：52/52 · cds #101'],
  [withFigures({ passed: 50, failed: 1, skipped: 1 }), 'failed: 1 of 52 · cds #101', '失败：1/52 · cds #101'],
  [withFigures({ passed: 49, failed: 1, broken: 2 }), 'failed: 3 of 52 · cds #101', '失败：3/52 · cds #101'],
  [report({ summary: null }), 'no result · cds #101', '无结果 · cds #101'],
  [
    withFigures({ passed: 0, total: 0, pass_rate: null }),
    'no result: no tests · cds #101',
    '无结果：没有测试 · cds #101',
  ],
  [
    withFigures({ passed: 0, skipped: 52, pass_rate: 0 }),
    'no result: none of 52 passed · cds #101',
    '无结果：52 个测试均未通过 · cds #101',
  ],
  [
    failedIn({ step: 'download', error: REFUSED }),
    'run failed in download · cds #101',
    '运行失败：下载 · cds #101',
  ],
  [failedIn({ step: null, error: 'gone' }), 'run failed · cds #101', '运行失败 · cds #101'],
  [liWeisRun({ status: 'CANCELLED' }), 'cancelled · cds #101', '已取消 · cds #101'],
]
for (const [run, english, chinese] of SUBJECTS) {
  test(`the subject says the outcome first: ${english}`, async () => {
    assert.equal((await renderRunMail(run, 'en')).subject, english)
    assert.equal((await renderRunMail(run, 'zh-CN')).subject, chinese)
  })
}

test('a passed run shows its figures, its times with their zone, and where to look', async () => {
  const { html, text, chart } = await renderRunMail(liWeisRun(), 'en')
  const page = read(html)
  for (const part of [page.text, text.replaceAll(/\s+/g, ' ')]) {
    for (const fact of [
      'All 52 tests passed',
      '100%',
      'CDN/Core #101',
      'Wang Fang',
      'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz',
      '2026-11-20 14:03:22 +08:00',
      '15m 18s',
      '21m 50s all together',
      'li.wei@example.com',
      'Content delivery server',
    ])
      assert.ok(part.includes(fact), `${fact} is missing in: ${part}`)
  }
  assert.deepEqual(
    new Set(page.hrefs),
    new Set([
      'http://crat.example.com/runs/42/report',
      'http://crat.example.com/runs/42',
      'http://jenkins.example.com/job/CDN/101/',
      'http://packages.example.com/release/',
    ]),
  )
  assert.equal(chart?.readUInt32BE(16), 336)
  assert.match(html, /<img src="cid:chart"[^>]* alt="passed 52, failed 0, broken 0, skipped 0"/)
})

test('only a run whose tests passed is green', async () => {
  const green = TONES.passed.ink
  assert.ok((await renderRunMail(liWeisRun(), 'en')).html.includes(green))
  for (const [run, subject] of SUBJECTS) {
    if (!subject.startsWith('passed'))
      assert.ok(!(await renderRunMail(run, 'en')).html.includes(green), subject)
  }
})

test('a run that failed tells the step, the error in full and what to do, in both languages', async () => {
  const run = failedIn({ step: 'download', error: REFUSED })
  const english = await renderRunMail(run, 'en')
  assert.equal(english.chart, null)
  for (const part of [read(english.html).text, english.text]) {
    assert.match(part, /The run failed in download/)
    assert.match(part, /10\.8\.24\.59:8080 refused the connection\..* check that the server runs/)
  }
  assert.match((await renderRunMail(run, 'zh-CN')).text, /10\.8\.24\.59:8080 拒绝了连接/)
})

test('an error that is only text keeps its lines', async () => {
  const run = failedIn({ step: 'monitor', error: 'Traceback:\r\n  File "a.py"\nboom' })
  const { html, text } = await renderRunMail(run, 'en')
  assert.match(html, /Traceback:<br> {2}File &quot;a\.py&quot;<br>boom/)
  assert.match(text, /Traceback:\n {2}File "a\.py"\nboom/)
})

test('a report that could not be read is said to be so, with what was tried', async () => {
  const tried: RunFacts['report']['tried'] = [
    {
      url: 'http://reports.example.com/cds_5329/widgets/summary.json',
      result: { key: 'report:html', params: {} },
    },
    {
      url: 'http://reports.example.com/cds_5329/summary.json',
      result: { key: 'report:status', params: { status: 404 } },
    },
  ]
  const { html, text, chart } = await renderRunMail(report({ summary: null, tried }), 'en')
  assert.equal(chart, null)
  for (const part of [read(html).text, text]) {
    assert.match(part, /could not be read/)
    assert.match(part, /cds_5329\/widgets\/summary\.json.*a web page came back instead of JSON/s)
    assert.match(part, /the server answered 404/)
  }
})

test('a run without a report address says that, and offers no report', async () => {
  const { html } = await renderRunMail(report({ url: null, summary: null }), 'en')
  const { text, hrefs } = read(html)
  assert.match(text, /named no report/)
  assert.doesNotMatch(text, /Open the report/)
  assert.ok(hrefs.includes('http://crat.example.com/runs/42'))
})

test('what a build or a test server wrote is text, never markup, link or header', async () => {
  const evil = '<img src=x onerror="alert(1)">&\'\r\nBcc: eve@example.com'
  const run = liWeisRun({
    status: 'FAILED',
    projectName: evil,
    triggeredBy: evil,
    item: { name: '<b>"x"</b>\r\nBcc: eve@example.com', description: evil },
    build: { job: `作业 A/B${evil}`, number: 7, user: evil, url: 'javascript:alert(1)' },
    package: { path: evil, url: 'data:text/html,<script>' },
    report: { url: `http://reports.example.com/"><script>`, summary: null, tried: [] },
    failure: { step: 'test', error: evil },
  })
  const plain = liWeisRun({
    ...{ status: 'FAILED', failure: { step: 'test', error: 'a\nb' } },
    build: { job: 'a', number: 7, user: 'b', url: null },
    package: { path: 'c', url: null },
    report: { url: 'http://reports.example.com/', summary: null, tried: [] },
  })
  const { html, subject } = await renderRunMail(run, 'en')
  const page = read(html)
  assert.deepEqual(page.elements, read((await renderRunMail(plain, 'en')).html).elements)
  assert.ok(page.text.includes('作业 A/B<img src=x onerror="alert(1)">'))
  assert.ok(page.hrefs.every(href => href.startsWith('http://')))
  assert.doesNotMatch(subject, /\p{Cc}/u)
  assert.match(subject, /^run failed in submit · <b>"x"<\/b> Bcc: eve@example.com #7$/)
})

test('a mail stays small and loads nothing', async () => {
  const { html } = await renderRunMail(liWeisRun(), 'en')
  assert.ok(html.length < 40_000, `${html.length}`)
  assert.doesNotMatch(html, /<(script|link|iframe)|url\(|src="http/)
})

test('a count of one is spoken of as one', async () => {
  const headline = async (change: Partial<ReportSummary>) =>
    (await renderRunMail(withFigures(change), 'en')).text
  assert.match(await headline({ passed: 1, total: 1 }), /The one test passed/)
  assert.match(await headline({ passed: 50, skipped: 2, pass_rate: 96.15 }), /50 of 52 tests passed/)
})
