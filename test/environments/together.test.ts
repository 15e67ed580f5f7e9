import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Visitor } from '../http/visitor.ts'
import { CAPABILITIES, json, POLL, SUBMIT, startTestServer, taskAnswer } from '../neighbours/test-server.ts'
import { mailAbout, type Run } from '../runs/story.ts'
import { startWorkingWorld, WANG_FANG } from '../world/index.ts'
import { readTimeline } from './timeline.ts'

const CAPABLE = json({ protocol: 2, features: ['idempotency', 'peers', 'cancel', 'log'] })
const world = await startWorkingWorld()
await world.buildCore(101)
await world.admin.put('/environments/1', { state: 'paused' })
const servers: TestServerIn[] = []
for (const name of ['left', 'middle', 'right']) servers.push(await addEnvironment(name))
const wangFang = await new Visitor(world.url).logIn(WANG_FANG)
const needs = (count: number) => world.admin.put(`/test-items/${world.cds}`, { environments_needed: count })

/** Figures, report and log of each environment: on the page, in the API and in the mail. */
async function assertEachShown(run: Run): Promise<void> {
  const { html } = await wangFang.open(`/runs/${run.id}`)
  const { text = '' } = await mailAbout(world, run)
  for (const { index, environment_id, name, report_url, task_id, summary } of run.environments) {
    const page = await wangFang.open(`/environments/${environment_id}`)
    assert.ok(page.html.includes(`href="/runs/${run.id}"`))
    const { body: log } = await world.liWei.get(`/deploy-test-runs/${run.id}/log?index=${index}`)
    assert.match(log.text, /running:test\n.*completed\n/s)
    assert.equal(log.eof, true)
    for (const part of [`>${name}</a>`, `href="${report_url}"`, task_id, `Log of the test server · ${name}`])
      assert.ok(html.includes(part), `${part} is missing`)
    assert.ok(
      text.includes(`\n${name}: ${summary.passed} of ${summary.total} passed <${report_url}>\n`),
      text,
    )
  }
}

describe('a run that needs several environments', () => {
  it('starts in all at once, hands each its peers, and adds their figures up', async () => {
    await needs(1)
    const alone = await world.liWei.untilFinished(await world.trigger(), 60_000)
    await needs(2)
    const run = await world.liWei.untilFinished(await world.trigger(), 60_000)
    assert.equal(run.status, 'COMPLETED', run.error_message)
    assert.equal(run.environments.length, 2)
    assert.equal(run.summary.total, 2 * alone.summary.total)
    assert.equal(run.summary.pass_rate, alone.summary.pass_rate)
    for (const member of run.environments) {
      assert.equal(member.status, 'COMPLETED')
      assert.equal(member.summary.total, alone.summary.total)
      assert.match(member.report_url, /^http/)
    }
    const used = servers.filter(({ name }) =>
      run.environments.some((member: { name: string }) => member.name === name),
    )
    const submits = used.map(server => JSON.parse(server.requestsTo(SUBMIT).at(-1)?.body ?? '{}'))
    const peers = used.map(({ name, url }, index) => ({ index, name, url }))
    for (const [index, submit] of submits.entries()) {
      assert.equal(submit.run_id, run.id)
      assert.equal(submit.index, index)
      assert.equal(submit.count, 2)
      assert.deepEqual(submit.peers, peers)
    }
    const tests = await world.crat.ctx.db.testResult.count({ where: { runId: run.id } })
    assert.equal(tests, 2 * alone.summary.total)
    await assertEachShown(run)
  })

  it('waits without a deadlock or starvation beside another such run and single ones', async () => {
    const ids: number[] = []
    for (const count of [1, 2, 1, 2, 1, 1]) {
      await needs(count)
      ids.push(await world.trigger())
    }
    for (const id of ids) assert.equal((await world.liWei.untilFinished(id, 60_000)).status, 'COMPLETED')
    assert.deepEqual((await readTimeline(world.crat.ctx.db)).overlaps(), [])
  })

  it('fails by the name of the environment that is lost, once the others have ended', async () => {
    await needs(3)
    const [, lost] = servers
    assert.ok(lost)
    lost.answerAlways(POLL, json({ error: 'unknown task' }, 404))
    const run = await world.liWei.untilFinished(await world.trigger(), 60_000)
    assert.equal(run.status, 'FAILED')
    assert.equal(run.error_code, 'member_failed')
    assert.match(run.error_message, /in the environment middle: The test server has lost task/)
    const states = run.environments.map(({ name, status }: Record<string, string>) => `${name} ${status}`)
    assert.deepEqual(states, ['left COMPLETED', 'middle FAILED', 'right COMPLETED'])
    lost.behave()
    lost.answerAlways(CAPABILITIES, CAPABLE)
  })

  it('stops its tasks everywhere where one server refuses its own', async () => {
    await needs(2)
    const [left, middle] = servers
    assert.ok(left && middle)
    left.answerAlways(POLL, taskAnswer('running:test'))
    middle.answerNext(SUBMIT, json({ error: 'no' }, 422))
    const run = await world.liWei.untilFinished(await world.trigger(), 60_000)
    assert.equal(run.status, 'FAILED')
    assert.match(run.error_message, /in the environment middle: .*answered 422/)
    await left.waitForRequest(/^POST \/api\/tasks\/[^/]+\/cancel$/)
    left.behave()
  })
})

type TestServerIn = Awaited<ReturnType<typeof addEnvironment>>

async function addEnvironment(name: string) {
  const { root, url } = world.neighbours.reportServer
  const server = await startTestServer({
    ...{ workDir: `${world.dataDir}/${name}`, reportDir: root, reportBaseUrl: url },
    ...{ canned: true, minPhaseMs: 50, protocol: 2, strict: false },
  })
  after(() => server.close())
  server.answerAlways(CAPABILITIES, CAPABLE)
  const { body } = await world.admin.post('/environments', { name, test_server_url: server.url })
  return { ...server, name, id: body.data.id as number }
}
