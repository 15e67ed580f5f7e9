import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { startWorkingWorld } from '../world/index.ts'
import { mailAbout, type Run, stepOf } from './story.ts'

const world = await startWorkingWorld()
const { reportServer, testServer } = world.neighbours
await world.buildCore(101)
await cp(fileURLToPath(new URL('../fixtures/allure/', import.meta.url)), join(reportServer.root, 'allure'), {
  recursive: true,
})

/** A run whose task completes with this result. */
async function runWith(result: unknown): Promise<Run> {
  testServer.answerNext(POLL, taskAnswer('completed', { result }))
  const run = await world.liWei.untilFinished(await world.trigger())
  assert.equal(run.status, 'COMPLETED')
  return run
}

const report = (path: string) => `${reportServer.url}/allure/${path}`
const tested = (url: string) => ({ deploy: { success: true }, test: { report_url: url } })

describe('the report of a run', () => {
  it("of Allure 3's default kind gives figures", async () => {
    const run = await world.liWei.untilFinished(await world.trigger())
    assert.equal(run.outcome, 'passed')
    const { passed, failed, broken, skipped, total, pass_rate } = run.summary
    assert.deepEqual(
      { passed, failed, broken, skipped, total },
      {
        ...{ passed: 27, failed: 0, broken: 0, skipped: 1, total: 28 },
      },
    )
    assert.ok(pass_rate > 96 && pass_rate <= 100, `${pass_rate}`)
    assert.equal(stepOf(run, 'monitor').details.report.format, 'allure3')
    const figures = [
      'passed',
      'failed',
      'broken',
      'skipped',
      'unknown',
      'total',
      'pass_rate',
      'start',
      'stop',
    ]
    const times = ['duration_ms', 'min_duration_ms', 'max_duration_ms', 'sum_duration_ms']
    for (const key of [...figures, ...times]) assert.ok(key in run.summary, key)
  })

  for (const [path, format] of [
    ['allure3-3.18-awesome/', 'allure3'],
    ['allure2-2.46.1/index.html#suites', 'allure2'],
  ] as const) {
    it(`tells a failing test from a failing run: ${path}`, async () => {
      const run = await runWith(tested(report(path)))
      assert.equal(run.outcome, 'failed')
      assert.deepEqual([run.summary.failed, run.summary.broken, run.summary.total], [1, 1, 5])
      assert.equal(stepOf(run, 'monitor').details.report.format, format)
      assert.equal(run.report_url, report(path.replace(/index\.html.*/, '')))
      assert.match((await mailAbout(world, run)).subject ?? '', /^failed: 2 of 5 · cds #101$/)
    })
  }

  it('may be named where older servers name it', async () => {
    const run = await runWith({ deploy: { success: true }, report_url: report('allure3-3.18-awesome/') })
    assert.equal(run.summary.total, 5)
  })

  for (const path of ['allure3-3.18-empty/', 'allure2-empty/']) {
    it(`without tests is no success: ${path}`, async () => {
      const run = await runWith(tested(report(path)))
      assert.equal(run.outcome, 'unknown')
      assert.equal(run.summary.total, 0)
      assert.match((await mailAbout(world, run)).subject ?? '', /^no result: no tests · cds #101$/)
    })
  }
})

describe('a report that cannot be read', () => {
  const UNREADABLE: [what: string, url: string, tried: RegExp][] = [
    ['is not there', report('nothing/'), /404/],
    ['lies on a server that is down', 'http://127.0.0.1:1/cds/', /refused the connection/],
  ]
  for (const [what, url, tried] of UNREADABLE) {
    it(`fails no run, and the mail says what was tried: it ${what}`, async () => {
      const run = await runWith(tested(url))
      assert.equal(run.outcome, 'unknown')
      assert.equal(run.summary, null)
      assert.equal(run.report_url, url)
      assert.ok(stepOf(run, 'monitor').details.report.tried.length > 0)
      const mail = await mailAbout(world, run)
      assert.match(mail.subject ?? '', /^no result/)
      assert.match(mail.text ?? '', /could not be read/)
      assert.match(mail.text ?? '', tried)
    })
  }

  for (const url of ['None', 'none of your business', '']) {
    it(`is not named: "${url}"`, async () => {
      const run = await runWith(tested(url))
      assert.equal(run.outcome, 'unknown')
      assert.equal(run.report_url, null)
      assert.match((await mailAbout(world, run)).text ?? '', /named no report/)
    })
  }

  it('does not keep the run from being cancelled while the report server is silent', async () => {
    reportServer.answerAlways('/allure/slow', 'silence')
    testServer.answerNext(POLL, taskAnswer('completed', { result: tested(report('slow/')) }))
    const id = await world.trigger()
    await reportServer.waitForRequest('/allure/slow')
    const { body } = await world.liWei.post(`/deploy-test-runs/${id}/cancel`)
    assert.equal(body.data.status, 'CANCELLED')
    reportServer.behave()
    assert.equal((await runWith(tested(report('allure3-3.18-awesome/')))).outcome, 'failed')
  })
})
