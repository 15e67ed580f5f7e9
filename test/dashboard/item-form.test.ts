import assert from 'node:assert/strict'
import test from 'node:test'
import { errorOf, Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, CORE, coreBuild, startWorld } from '../world/index.ts'

const world = await startWorld()
await world.anyone.post('/builds', coreBuild(101))
const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)

const idOf = (html: string, name: string) => new RegExp(`href="/tests/(\\d+)">${name}<`).exec(html)?.[1]

test('an admin creates an item, edits it and deletes it', async () => {
  const created = await admin.submit('/tests', {
    name: 'cds',
    description: 'The origin',
    associated_job_name: CORE,
    notification_enabled: 'on',
  })
  assert.match(created.html, /Test item cds is created/)
  const id = idOf(created.html, 'cds')

  const edited = await admin.submit(`/tests/${id}`, { name: 'cds 2', associated_job_name: '' })
  assert.match(edited.html, /Test item cds 2 is saved/)
  const { body } = await world.admin.get(`/test-items/${id}`)
  assert.deepEqual(
    {
      job: body.data.associated_job_name,
      mails: body.data.notification_enabled,
      text: body.data.description,
    },
    { job: null, mails: false, text: '' },
  )

  const deleted = await admin.submit(`/tests/${id}/delete`)
  assert.match(deleted.html, /Test item cds 2 is deleted/)
  assert.equal((await admin.open(`/tests/${id}`)).status, 404)
})

test('a taken name is told beside the field, and nothing that was typed is lost', async () => {
  await admin.submit('/tests', { name: 'edge' })
  const page = await admin.submit('/tests', { name: 'edge', description: 'Typed with care' })
  assert.equal(page.status, 409)
  assert.match(errorOf(page.html, 'name') ?? '', /edge exists already/)
  assert.match(page.html, /Typed with care<\/textarea>/)
})

test('an empty name is told in Chinese to who reads Chinese', async () => {
  await admin.submit('/preferences', { lang: 'zh-CN' })
  const page = await admin.submit('/tests', { name: ' ' })
  assert.equal(page.status, 400)
  assert.equal(errorOf(page.html, 'name'), '请填写此项。')
  await admin.submit('/preferences', { lang: 'en' })
})

test('an item without a job cannot be triggered, and the page says why', async () => {
  const { html } = await admin.submit('/tests', { name: 'lonely' })
  const id = idOf(html, 'lonely')
  const page = await admin.submit(`/tests/${id}/trigger`)
  assert.equal(page.path, `/tests/${id}`)
  assert.match(page.html, /role="alert"/)
  assert.match(page.html, /No Jenkins job is linked/)
})

test('names of 200 characters and of markup stand in the page as text', async () => {
  const long = 'x'.repeat(200)
  await admin.submit('/tests', { name: long })
  const { html } = await admin.submit('/tests', { name: '<b>"x"</b>' })
  assert.ok(html.includes(long))
  assert.ok(html.includes('&lt;b&gt;&quot;x&quot;&lt;/b&gt;'))
  assert.ok(!html.includes('<b>"x"</b>'))
})

test('among hundreds of jobs the name is typed, with suggestions, and a wrong one is refused', async () => {
  await admin.submit('/preferences', { lang: 'en' })
  const { db } = world.crat.ctx
  await db.jobVersion.createMany({
    data: Array.from({ length: 120 }, (_, i) => ({ jobName: `Team/job-${i}` })),
  })
  const page = await admin.submit('/tests', { name: 'typed', associated_job_name: 'Team/job-7 ' })
  assert.match(page.html, /<option value="Team\/job-119">/)
  assert.match(page.html, /Test item typed is created/)

  const refused = await admin.submit('/tests', { name: 'mistyped', associated_job_name: 'Team/jb-7' })
  assert.equal(refused.status, 400)
  assert.match(errorOf(refused.html, 'associated_job_name') ?? '', /No job has this name/)

  // An item whose job is gone can still be edited.
  await db.jobVersion.delete({ where: { jobName: 'Team/job-7' } })
  const id = idOf((await admin.open('/tests')).html, 'typed')
  const edited = await admin.submit(`/tests/${id}`, { name: 'typed 2', associated_job_name: 'Team/job-7' })
  assert.match(edited.html, /Test item typed 2 is saved/)
})

test('the mails of an item are switched on its card, and nothing else of it changes', async () => {
  await admin.submit('/tests', { name: 'player', description: 'For browsers', associated_job_name: CORE })
  const { body } = await world.admin.get('/test-items')
  const { id } = body.data.find((item: { name: string }) => item.name === 'player')
  const on = await admin.submit(`/tests/${id}/mail`, { notification_enabled: 'on', back: '/tests?q=player' })
  assert.equal(on.path, '/tests?q=player')
  assert.match(on.html, /Results of player are mailed/)
  assert.match(on.html, /role="switch" aria-checked="true"/)
  const { data } = (await world.admin.get(`/test-items/${id}`)).body
  assert.deepEqual([data.associated_job_name, data.notification_enabled], [CORE, true])

  const off = await admin.submit(`/tests/${id}/mail`, { notification_enabled: 'off', back: 'http://evil' })
  assert.equal(off.path, '/tests')
  const user = await new Visitor(world.url).logIn('wang.fang@example.com')
  const seen = await user.open('/tests?q=player')
  assert.match(seen.html, /Results are not mailed/)
  assert.doesNotMatch(seen.html, /name="notification_enabled"/)
  assert.equal((await user.submit(`/tests/${id}/mail`, { notification_enabled: 'on' })).status, 403)
})

test('a schedule is saved with its zone, its next times are shown, and a wrong one is told beside the field', async () => {
  const saved = await admin.submit('/tests', {
    ...{ name: 'nightly', schedule: ' 30  2 * * mon-fri ', schedule_timezone: 'Asia/Shanghai' },
    trigger_on_build: 'on',
  })
  const id = idOf(saved.html, 'nightly')
  const { body } = await world.admin.get(`/test-items/${id}`)
  const { schedule, schedule_timezone, trigger_on_build } = body.data
  assert.deepEqual(
    { schedule, schedule_timezone, trigger_on_build },
    { schedule: '30 2 * * mon-fri', schedule_timezone: 'Asia/Shanghai', trigger_on_build: true },
  )
  const { html } = await admin.open(`/tests/${id}`)
  assert.equal(html.match(/02:30:00 GMT\+8/g)?.length, 3)

  const wrong = await admin.submit(`/tests/${id}`, {
    ...{ name: 'nightly', schedule: '61 * * * *', schedule_timezone: 'Mars/Base' },
  })
  assert.match(errorOf(wrong.html, 'schedule') ?? '', /five fields of cron/)
  assert.match(errorOf(wrong.html, 'schedule_timezone') ?? '', /IANA/)

  await admin.submit(`/tests/${id}`, { name: 'nightly', schedule: '', schedule_timezone: '' })
  const cleared = (await world.admin.get(`/test-items/${id}`)).body.data
  assert.deepEqual(
    [cleared.schedule, cleared.schedule_timezone, cleared.trigger_on_build],
    [null, 'UTC', false],
  )
})

test('a schedule by the API that never comes is 400 and names the field', async () => {
  for (const [field, value] of [
    ['schedule', '0 0 30 2 *'],
    ['schedule', '* * * * * *'],
    ['schedule_timezone', '+08:00'],
    ['trigger_on_build', 'yes'],
  ] as const) {
    const { status, body } = await world.admin.post('/test-items', { name: 'odd', [field]: value })
    assert.equal(status, 400, `${field} ${value}`)
    assert.equal(body.details[0].path, field)
  }
})
