import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { errorOf, Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { startNeighbours } from '../neighbours/index.ts'
import { ADMIN_PASSWORD, coreBuild, LI_WEI, mailEnvironment, startWorld } from '../world/index.ts'

const neighbours = await startNeighbours({ testServer: { canned: true, minPhaseMs: 0 } })
after(() => neighbours.close())
const world = await startWorld({
  env: { ...mailEnvironment(neighbours), ADMIN_EMAILS: ZHANG_HUA, ROLE: 'web' },
})
const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
const liWei = await new Visitor(world.url).logIn(LI_WEI)

/** What the page says of its steps. */
function statesOf(html: string): Record<string, string> {
  const heads = html.matchAll(
    /<h2 class="title" id="(\w+)-title">.*?<span class="badge[^>]*>.*?<\/svg>\s*([^<]+)</gs,
  )
  return Object.fromEntries([...heads].map(([, step = '', state = '']) => [step, state.trim()]))
}
const says = (html: string, text: string | RegExp) =>
  assert.ok(typeof text === 'string' ? html.includes(text) : text.test(html), `it does not say ${text}`)

test('an empty CRAT says what is missing, to users whom to ask', async () => {
  says(
    (await admin.open('/tests')).html,
    'Package server, Test server, First build, First test item, First run',
  )
  const { html } = await admin.open('/setup')
  assert.deepEqual(statesOf(html), {
    ...{ packages: 'Next', test_server: 'To do', mail: 'To do', build: 'To do', item: 'To do', run: 'To do' },
  })
  says(html, 'curl -X POST')
  says((await liWei.open('/tests')).html, 'See what is missing')
  const page = (await liWei.open('/setup')).html
  says(page, `Ask ${ZHANG_HUA}`)
  assert.ok(!page.includes('action="/setup/'))
})

test('each step is checked as it is entered', async () => {
  const wrong = await admin.submit('/setup/package-server', { package_download_base_url: 'no address' })
  assert.equal(wrong.status, 400)
  says(errorOf(wrong.html, 'package_download_base_url') ?? '', 'Write an absolute http or https address')
  says(wrong.html, 'value="no address"')

  const unreachable = await admin.submit('/setup/package-server', {
    package_download_base_url: 'http://127.0.0.1:1',
  })
  assert.equal(statesOf(unreachable.html).packages, 'Does not work')
  says(unreachable.html, /127\.0\.0\.1:1.*refused|refused.*127\.0\.0\.1:1/s)
  const { url } = neighbours.packageServer
  const listed = await admin.submit('/setup/package-server', { package_download_base_url: url })
  assert.equal(listed.path, '/setup#packages')
  assert.deepEqual([statesOf(listed.html).packages, statesOf(listed.html).test_server], ['Done', 'Next'])

  await admin.submit('/setup/test-server', { external_test_server_url: 'http://127.0.0.1:1' })
  const broken = (await admin.submit('/setup/check')).html
  assert.equal(statesOf(broken).test_server, 'Does not work')
  const answered = await admin.submit('/setup/test-server', {
    external_test_server_url: neighbours.testServer.url,
  })
  assert.equal(statesOf(answered.html).test_server, 'Done')
  says(answered.html, /default answered in \d+ ms, with version 1/)
})

test('a test mail is sent at once, and the page says what the mail server answered', async () => {
  neighbours.mailSink.refuseNext({ at: 'recipient', code: 550, message: 'No such user here' })
  const refused = await admin.submit('/setup/mail', { email: 'nobody@example.com' })
  assert.equal(refused.status, 502)
  says(refused.html, 'No such user here')
  assert.equal(statesOf(refused.html).mail, 'Does not work')
  const sent = await admin.submit('/setup/mail', { email: ZHANG_HUA })
  assert.equal(statesOf(sent.html).mail, 'Done')
  says(sent.html, /A test mail went to zhang\.hua@example\.com\. The mail server answered: 250/)
  await neighbours.mailSink.waitForMail(({ recipients }) => recipients.includes(ZHANG_HUA))
  says((await admin.open('/settings/mail')).html, 'No such user here')
})

test('a build, an item and a run are the last steps; then nothing is missing', async () => {
  const unknown = { name: 'cds', associated_job_name: 'nobody' }
  assert.equal((await admin.submit('/setup/item', unknown)).status, 400)
  await world.anyone.post('/builds', coreBuild(101))
  says((await admin.open('/setup')).html, 'Build CDN/Core #101 arrived')
  const item = await admin.submit('/setup/item', { name: 'cds', associated_job_name: 'CDN/Core' })
  assert.deepEqual([statesOf(item.html).item, statesOf(item.html).run], ['Done', 'Next'])
  says(item.html, 'Trigger cds with build 101')
  says((await admin.open('/tests')).html, 'Still missing: First run.')

  // Whoever wants no reminder gets none; it comes back when it is wanted.
  says((await admin.submit('/setup/dismiss', { dismissed: 'on' })).html, 'reminds nobody')
  assert.ok(!(await liWei.open('/tests')).html.includes('See what is missing'))
  await admin.submit('/setup/dismiss', { dismissed: 'off' })
  says((await liWei.open('/tests')).html, 'See what is missing')

  await liWei.open('/tests')
  const trigger = /action="(\/tests\/\d+\/trigger)"/.exec((await liWei.open('/setup')).html)?.[1] ?? ''
  assert.match((await liWei.submit(trigger)).path, /^\/runs\/\d+/)
  says((await admin.open('/setup')).html, 'Everything is set up.')
  assert.ok(!(await admin.open('/tests')).html.includes('href="/setup"'))
})
