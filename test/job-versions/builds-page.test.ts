import assert from 'node:assert/strict'
import test from 'node:test'
import { announceCommand } from '../../src/builds/announce-command.ts'
import { errorOf, Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, coreBuild, startWorld } from '../world/index.ts'

const TOKEN = 'a-secret-of-jenkins'
const world = await startWorld({ env: { WEBHOOK_TOKEN: TOKEN } })
const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
const announce = (JOB_NAME: string, number: number) =>
  world.anyone.call('POST', '/builds', coreBuild(number, { JOB_NAME }), { 'x-crat-token': TOKEN })

test('without builds the page shows the command of this server, and never the token', async () => {
  const { html } = await admin.open('/builds')
  assert.match(html, /curl -X POST &#39;http:\/\/crat\.example\/api\/v1\/builds&#39;/)
  assert.match(html, /Authorization: Bearer \$WEBHOOK_TOKEN/)
  assert.ok(!html.includes(TOKEN))
})

test('the command keeps what a shell would take apart', () => {
  const command = announceCommand('http://crat.example', false, "it's <b>")
  assert.match(command, /"JOB_NAME":"it'\\''s <b>"/)
  assert.doesNotMatch(command, /Authorization/)
})

for (const job of ['<b>"x"</b>', '作业 A/B', 'CDN/Core', 'a?b&c=d#e%2F']) {
  test(`every button works for a job named ${job}`, async () => {
    const { body } = await announce(job, 1)
    await announce(job, 2)
    const home = `/builds?job_name=${encodeURIComponent(job)}`
    const fields = { job_name: job }
    assert.equal((await admin.open(home)).status, 200)

    const selected = await admin.submit('/builds/select', { ...fields, build_id: `${body.data.id}` })
    assert.equal(selected.path, home)
    assert.match(selected.html, /Build 1 of .* is selected/)
    assert.match((await admin.submit('/builds/sync', fields)).html, /is at build 2, its newest/)
    assert.match(
      (await admin.submit('/builds/auto-sync', { ...fields, enabled: 'false' })).html,
      /Auto-sync of .* is off/,
    )
    const less = await admin.submit('/builds/delete', { ...fields, build_id: `${body.data.id}` })
    assert.match(less.html, /Build 1 of .* is deleted/)
    assert.match((await admin.submit('/builds/prune', fields)).html, /role="alert"/)
    assert.match((await admin.submit('/builds/jobs/delete', fields)).html, /is deleted/)
    assert.equal((await admin.open(home)).status, 404)
  })
}

test('a search finds jobs and builds', async () => {
  await announce('Storage/Gateway', 41)
  await announce('Media/Player', 42)
  const byName = await admin.open('/builds?q=gateway')
  assert.match(byName.html, /Storage\/Gateway/)
  assert.doesNotMatch(byName.html, /Media\/Player/)
  assert.match((await admin.open('/builds?q=%2342')).html, /Media\/Player/)
  assert.match((await admin.open('/builds?q=nothing')).html, /No build matches/)
})

test('a job that exists cannot be added again', async () => {
  const page = await admin.submit('/builds/jobs', { job_name: 'Media/Player' })
  assert.equal(page.status, 409)
  assert.match(errorOf(page.html, 'job_name') ?? '', /exists already/)
})

test('an invalid request is explained in the language of the page', async () => {
  const wrong = { job_name: 'CDN/Core', build_id: 'x' }
  assert.match((await admin.submit('/builds/select', wrong)).html, /build_id must be the id of a build\./)
  await admin.submit('/preferences', { lang: 'zh-CN' })
  assert.match((await admin.submit('/builds/select', wrong)).html, /build_id：必须是构建的 ID。/)
  await admin.submit('/preferences', { lang: 'en' })
})
