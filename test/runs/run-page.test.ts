import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { ADMIN_PASSWORD, LI_WEI, startWorkingWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorkingWorld()
await world.buildCore(101)
const liWei = await new Visitor(world.url).logIn(LI_WEI)
const idIn = (path: string) => Number(/^\/runs\/(\d+)$/.exec(path)?.[1])

test('Li Wei triggers a run, follows it to its figures and reads its mail', async () => {
  const started = await liWei.submit(`/tests/${world.cds}/trigger`)
  const id = idIn(started.path)
  assert.match(started.html, new RegExp(`Run ${id} is on its way`))
  const { outcome } = await world.admin.untilFinished(id)

  const { html } = await liWei.open(`/runs/${id}`)
  assert.match(html, /class="doughnut/)
  assert.match(html, /of \d+ (failed|passed)/)
  assert.match(html, /cds-5\.3\.9[^<]*release\.tgz/)
  assert.match(html, /Chosen: the one with “release” in its name/)
  assert.match(html, new RegExp(`data-live="run:${id}"`), 'its mail is still on its way')
  const mail = await liWei.open(`/runs/${id}/mail`)
  assert.match(mail.html, /to li\.wei@example\.com/)
  assert.match((await liWei.open(`/runs/${id}/mail/body`)).html, /data:image\/png;base64,/)

  assert.match((await liWei.open(`/tests/${world.cds}`)).html, new RegExp(`href="/runs/${id}"`))
  assert.match((await liWei.open(`/runs?status=${outcome}`)).html, new RegExp(`href="/runs/${id}"`))
  assert.match((await liWei.open('/runs?status=CANCELLED')).html, /No run matches/)
})

test('runs are found by who triggered them, whose names are suggested', async () => {
  const wangFang = await new Visitor(world.url).logIn(WANG_FANG)
  const runId = idIn((await wangFang.submit(`/tests/${world.cds}/trigger`)).path)
  await world.admin.untilFinished(runId)
  const { html } = await wangFang.open(`/runs?triggered_by=${encodeURIComponent(WANG_FANG)}`)
  assert.deepEqual(
    [...html.matchAll(/<tr>\s*<td[^>]*>.*?href="\/runs\/(\d+)"/g)].map(match => Number(match[1])),
    [runId],
  )
  for (const person of [LI_WEI, WANG_FANG]) assert.ok(html.includes(`<option value="${person}">`), person)
})

test('a failed run tells in the reader’s language what went wrong, and can be run again', async () => {
  await world.admin.put('/settings', { external_test_server_url: 'http://127.0.0.1:9' })
  const id = idIn((await liWei.submit(`/tests/${world.cds}/trigger`)).path)
  await world.admin.untilFinished(id)
  assert.match((await liWei.open(`/runs/${id}`)).html, /127\.0\.0\.1:9 refused the connection/)
  await liWei.submit('/preferences', { lang: 'zh-CN' })
  assert.match((await liWei.open(`/runs/${id}`)).html, /127\.0\.0\.1:9 拒绝了连接/)
  await liWei.submit('/preferences', { lang: 'en' })

  await world.admin.put('/settings', { external_test_server_url: world.neighbours.testServer.url })
  const again = await liWei.submit(`/runs/${id}/retry`)
  const run = await world.admin.untilFinished(idIn(again.path))
  assert.equal(run.status, 'COMPLETED')
  assert.match((await liWei.open(again.path)).html, new RegExp(`href="/runs/${id}"`))
})

test('a stranger sees no cancel button and learns whose run it is; an admin may', async () => {
  // A test server that does not answer holds the run.
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  await world.admin.put('/settings', { external_test_server_url: `http://127.0.0.1:${port}` })
  try {
    const id = idIn((await liWei.submit(`/tests/${world.cds}/trigger`)).path)
    await world.admin.untilRun(id, run => run.status === 'TESTING')
    const stranger = await new Visitor(world.url).logIn(WANG_FANG)
    const seen = await stranger.open(`/runs/${id}`)
    assert.match(seen.html, /Only li\.wei@example\.com or an admin can cancel/)
    assert.doesNotMatch(seen.html, /\/cancel"/)
    assert.match(seen.html, /data-live="run:/)
    assert.equal((await stranger.submit(`/runs/${id}/cancel`)).status, 403)

    const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
    const cancelled = await admin.submit(`/runs/${id}/cancel`)
    assert.match(cancelled.html, new RegExp(`Run ${id} is cancelled`))
    assert.match(cancelled.html, /Stopped by zhang\.hua@example\.com/)
  } finally {
    silent.closeAllConnections()
    silent.close()
  }
})

test('the phase on the test server is shown in words, an unknown one as it is', async () => {
  await world.admin.put('/settings', { external_test_server_url: world.neighbours.testServer.url })
  for (const [status, phase] of [
    ['running:test', 'Test server: testing'],
    ['running:migrate', 'Test server: running:migrate'],
  ] as const) {
    world.neighbours.testServer.behave()
    world.neighbours.testServer.answerAlways(POLL, taskAnswer(status))
    const hasPhase = (step: { progress: { status?: string } | null }) => step.progress?.status === status
    const id = idIn((await liWei.submit(`/tests/${world.cds}/trigger`)).path)
    await world.admin.untilRun(id, run => run.steps.some(hasPhase))
    assert.ok((await liWei.open(`/runs/${id}`)).html.includes(phase))
    await liWei.submit(`/runs/${id}/cancel`)
    await world.admin.untilFinished(id)
  }
})

test('a run without a mail says why there is none', async () => {
  world.neighbours.testServer.behave()
  await world.admin.put(`/test-items/${world.cds}`, { notification_enabled: false })
  const id = idIn((await liWei.submit(`/tests/${world.cds}/trigger`)).path)
  await world.admin.untilFinished(id)
  assert.match((await liWei.open(`/runs/${id}`)).html, /Mails are switched off for this test item/)
})
