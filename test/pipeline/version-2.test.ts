import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CAPABILITIES, POLL, SUBMIT } from '../neighbours/test-server.ts'
import { progressOf, stepOf } from '../runs/story.ts'
import { startWorkingWorld } from '../world/index.ts'
import { obedientWork } from './obedient-work.ts'

const { work, task } = obedientWork()
const world = await startWorkingWorld({ neighbours: { testServer: { protocol: 2, work } } })
const { testServer } = world.neighbours
await world.buildCore(101)

const logOf = async (id: number, offset = 0) =>
  (await world.liWei.get(`/deploy-test-runs/${id}/log?offset=${offset}`)).body

describe('a run on a test server of version 2', () => {
  it('says whose task it is and where its package lies, and follows it by long polls', async () => {
    const id = await world.trigger()
    const { enter, finish, submission } = await task(1)
    const running = await world.liWei.untilRun(id, run => run.status === 'MONITORING')

    const submit = await testServer.waitForRequest(SUBMIT)
    assert.equal(submit.headers['idempotency-key'], `${id}-1`)
    assert.deepEqual(JSON.parse(submit.body), {
      ...running.parameters,
      run_id: id,
      package_url: running.download_url,
      package_sha256: running.package_sha256,
      package_size: running.package_size,
    })
    assert.deepEqual(submission, JSON.parse(submit.body))
    assert.equal(testServer.requestsTo(CAPABILITIES).length, 1)
    const { details } = stepOf(running, 'test')
    assert.equal(details.protocol, 2)
    assert.deepEqual(details.features, [
      ...['idempotency', 'long_poll', 'cancel', 'log', 'package_url'],
      ...['metrics', 'attempts', 'peers', 'scripts', 'report_archive'],
    ])
    assert.deepEqual(details.request, JSON.parse(submit.body))

    await testServer.waitForRequest('wait=25')
    await enter('running:deploy')
    await world.liWei.untilRun(id, run => progressOf(run)?.status === 'running:deploy')
    await testServer.waitForRequest('wait=25', 2)
    finish()
    const run = await world.liWei.untilFinished(id)
    assert.equal(run.status, 'COMPLETED')
    const polls = testServer.requestsTo(POLL).map(({ url }) => url.slice(url.lastIndexOf('/') + 1))
    assert.deepEqual(polls.slice(0, 2), [run.task_id, `${run.task_id}?wait=25`])
    assert.ok(polls.length < 10, polls.join())
  })

  it('shows the log while it grows, every line once', async () => {
    const id = await world.trigger()
    const { enter, write, finish } = await task(2)
    write('拆包 cds-5.3.9\n')
    await enter('running:deploy')
    await world.liWei.untilRun(id, run => progressOf(run)?.status === 'running:deploy')
    write('<b>bold</b> & 🚀\n')
    await enter('running:test')
    const first = await untilLog(id, ({ text }) => text.includes('🚀'))
    assert.equal(first.eof, false)
    const page = await fetch(`${world.url}/runs/${id}`, {
      headers: { authorization: `Bearer ${world.liWei.token}` },
    })
    assert.match(
      await page.text(),
      /拆包 cds-5\.3\.9\n[^<]*running:deploy\n&lt;b&gt;bold&lt;\/b&gt; &amp; 🚀/,
    )
    write('last line\n')
    finish()
    await world.liWei.untilFinished(id)

    const whole = await logOf(id)
    const lines = whole.text
      .replace(/^\d{4}-\S+ \S+ /gm, '')
      .trimEnd()
      .split('\n')
    assert.deepEqual(lines, [
      ...['拆包 cds-5.3.9', 'running:deploy', '<b>bold</b> & 🚀', 'running:test'],
      ...['last line', 'completed'],
    ])
    assert.equal(whole.next_offset, Buffer.byteLength(whole.text))
    assert.equal(whole.eof, true)
    assert.equal(whole.cut, false)
    assert.deepEqual(await logOf(id, first.next_offset), {
      ...whole,
      offset: first.next_offset,
      text: Buffer.from(whole.text).subarray(first.next_offset).toString(),
    })
    const within = Buffer.from(whole.text).indexOf('🚀')
    for (const offset of [within, within + 1, within + 2, within + 3]) {
      const rest = await logOf(id, offset)
      assert.equal(rest.offset, within)
      assert.ok(rest.text.startsWith('🚀\n'))
    }
  })

  it('has no log before its task begins, and none that nobody knows', async () => {
    const first = await world.trigger()
    const second = await world.trigger()
    const none = await logOf(second)
    assert.deepEqual([none.text, none.next_offset, none.size, none.eof], ['', 0, 0, false])
    ;(await task(3)).finish()
    ;(await task(4)).finish()
    await world.liWei.untilFinished(first)
    await world.liWei.untilFinished(second)
    assert.equal((await world.liWei.get('/deploy-test-runs/999999/log')).status, 404)
    assert.equal((await world.liWei.get(`/deploy-test-runs/${first}/log?offset=-1`)).status, 400)
    assert.equal((await world.anyone.get(`/deploy-test-runs/${first}/log`)).status, 401)
    const beyond = await logOf(first, 1_000_000)
    assert.deepEqual(
      [beyond.text, beyond.offset, beyond.next_offset, beyond.eof],
      ['', 1_000_000, 1_000_000, true],
    )
  })
})

async function untilLog(id: number, wanted: (log: Awaited<ReturnType<typeof logOf>>) => boolean) {
  let log = await logOf(id)
  await world.liWei.untilRun(id, () => {
    if (wanted(log)) return true
    void logOf(id).then(now => {
      log = now
    })
    return false
  })
  return log
}
