import assert from 'node:assert/strict'
import test from 'node:test'
import { SETTING_KEYS } from '../../src/settings/definitions.ts'
import { errorOf, Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, LI_WEI, startWorld } from '../world/index.ts'

const world = await startWorld()
const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)

test('what is saved takes effect on the next page', async () => {
  const page = await admin.submit('/settings', {
    project_name: 'Cloud <Lab>',
    package_download_base_url: 'http://10.8.24.59/packages',
    external_test_server_url: '',
    query_interval: '30',
  })
  assert.match(page.html, /Settings are saved/)
  assert.match(page.html, /<title>Settings · Cloud &lt;Lab&gt;<\/title>/)
  const { body } = await world.admin.get('/settings/query_interval')
  assert.equal(body.data.value, 30)
})

test('one wrong value: nothing is saved, all that was typed comes back', async () => {
  const page = await admin.submit('/settings', { project_name: 'Other', query_timeout: 'soon' })
  assert.equal(page.status, 400)
  assert.equal(errorOf(page.html, 'query_timeout'), 'A number of seconds from 0.1 to 600.')
  assert.match(page.html, /value="soon"/)
  assert.match(page.html, /value="Other"/)
  const { body } = await world.admin.get('/settings/project_name')
  assert.equal(body.data.value, 'Cloud <Lab>')
})

test('every wrong setting is explained in Chinese on a Chinese page', async () => {
  await admin.submit('/preferences', { lang: 'zh-CN' })
  const wrongValue = (key: string) => (key === 'project_name' ? '' : 'ftp://soon')
  const page = await admin.submit(
    '/settings',
    Object.fromEntries(SETTING_KEYS.map(key => [key, wrongValue(key)])),
  )
  assert.equal(page.status, 400)
  for (const key of SETTING_KEYS) {
    const error = errorOf(page.html, key) ?? ''
    assert.match(error, /^\p{Script=Han}.*。$/u, key)
    assert.doesNotMatch(error, /must|number|whole/, key)
  }
  assert.equal(errorOf(page.html, 'keep_runs_days'), '请填写 0.01 到 36500 之间的天数。')
  assert.equal(errorOf(page.html, 'keep_mails'), '请填写 1 到 10000000 之间的整数。')
  await admin.submit('/preferences', { lang: 'en' })
})

test('a user reads the settings and learns who may change them', async () => {
  const liWei = await new Visitor(world.url).logIn(LI_WEI)
  const { html } = await liWei.open('/settings?tab=sessions')
  assert.match(html, /Only an admin can change settings/)
  assert.doesNotMatch(html, /<form[^>]*action="\/settings/)
  assert.equal((await liWei.submit('/settings', { project_name: 'Mine' })).status, 403)
})

test('a test mail waits in the outbox and can be read there', async () => {
  const page = await admin.submit('/settings/mail/test', { email: 'chen.jie@example.com' })
  assert.match(page.html, /A test mail to chen\.jie@example\.com/)
  const id = /\/settings\/mail\/(\d+)"/.exec(page.html)?.[1]
  const mail = await admin.open(`/settings/mail/${id}`)
  assert.match(mail.html, new RegExp(`<iframe[^>]*src="/settings/mail/${id}/body"[^>]*sandbox`))
  const body = await admin.open(`/settings/mail/${id}/body`)
  assert.match(body.headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/)
})

test('an admin ends somebody’s session', async () => {
  const wangFang = await new Visitor(world.url).logIn('wang.fang@example.com')
  const { html } = await admin.open('/settings/sessions')
  const card = html.slice(html.indexOf('wang.fang@example.com'))
  const id = /\/settings\/sessions\/(\d+)\/end/.exec(card)?.[1]
  assert.match(
    (await admin.submit(`/settings/sessions/${id}/end`)).html,
    /session of wang\.fang@example\.com is ended/,
  )
  assert.match((await wangFang.open('/tests')).path, /^\/login/)
})

test('the audit log tells who changed what', async () => {
  const { html } = await admin.open('/settings/audit')
  assert.match(html, /change setting/)
  assert.match(html, /Cloud &lt;Lab&gt;/)
})
