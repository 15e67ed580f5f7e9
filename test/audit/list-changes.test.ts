import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recordChange } from '../../src/audit/audit.ts'
import { Visitor } from '../http/visitor.ts'
import { ADMIN_PASSWORD, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { db } = world.crat.ctx
const HOSTILE = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '"=1","', 'a\r\nb,c']
const at = (day: number) => new Date(Date.UTC(2026, 0, day, 12))

for (const [index, subject] of HOSTILE.entries()) {
  await recordChange(db, { actor: { email: 'eve@example.com', ip: '10.0.0.9' }, action: 'add job', subject })
  await db.auditEntry.updateMany({ where: { subject }, data: { createdAt: at(index + 1) } })
}

const list = async (query: string) => {
  const { status, body } = await world.admin.get(`/audit?limit=100&${query}`)
  assert.equal(status, 200, body.error)
  return body
}

describe('the audit log', () => {
  it('says who changed what, from where, before and after', async () => {
    await world.admin.put('/settings', { project_name: 'Audited' })
    const [entry] = (await list('action=change+setting')).data
    const { id, at: time, ...rest } = entry
    assert.ok(Number.isInteger(id) && !Number.isNaN(Date.parse(time)))
    assert.deepEqual(rest, {
      ...{ actor: 'admin', action: 'change setting', subject: 'project_name' },
      ...{ before: 'CRAT', after: 'Audited', ip: '127.0.0.1' },
    })
  })

  it('is filtered and paged', async () => {
    assert.equal((await list('actor=EVE@example.com')).total, HOSTILE.length)
    assert.equal((await list('actor=nobody')).total, 0)
    assert.equal((await list('subject=sum')).total, 1)
    assert.equal((await list('until=2026-01-03')).total, 3)
    assert.equal((await list('since=2026-01-09&until=2026-01-31')).total, 2)
    assert.equal((await list('since=2026-01-10T13:00:00%2B02:00&until=2026-01-10T12:00:00Z')).total, 1)
    const second = await world.admin.get('/audit?actor=eve@example.com&limit=2&offset=2')
    assert.deepEqual([second.body.data.length, second.body.total], [2, HOSTILE.length])
    for (const wrong of ['since=yesterday', 'until=2026-13-01', 'limit=0'])
      assert.equal((await world.admin.get(`/audit?${wrong}`)).status, 400)
  })

  it('as CSV holds all that matches, and nothing that a spreadsheet runs', async () => {
    const headers = { authorization: `Bearer ${world.admin.token}`, accept: 'text/csv' }
    const answer = await fetch(`${world.url}/api/v1/audit?actor=eve@example.com`, { headers })
    assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/)
    const text = await answer.text()
    assert.match(text, /^"id","at","actor","action","subject","before","after","ip"\r\n/)
    const cells = [...text.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell)
    assert.equal(cells.length, 8 * (HOSTILE.length + 1))
    for (const cell of cells) assert.doesNotMatch(cell, /^\s*[=+\-@＝]|^[\t\r\n]/)
    for (const subject of HOSTILE.slice(0, 8)) assert.ok(cells.includes(`'${subject}`), subject)
  })

  it('masks secrets', async () => {
    const parameters = {
      admin_password: 'hunter2',
      nested: { apiToken: 'hunter2', list: [{ client_secret: 'hunter2' }] },
      base_url: 'https://li:hunter2@test.example/a?x=1',
      text: 'see http://hunter2@host and ftp://a:hunter2@b/',
    }
    const { status } = await world.admin.post('/parameter-sets', { name: 'secret', parameters })
    assert.equal(status, 201)
    const [entry] = await db.auditEntry.findMany({ where: { action: 'create parameter set' } })
    assert.doesNotMatch(JSON.stringify(entry), /hunter2/)
    assert.match(JSON.stringify(entry), /https:\/\/••••••@test\.example\/a\?x=1/)
  })

  it('has a page with the same filters, and the CSV of what it shows', async () => {
    const visitor = await new Visitor(world.url).logIn('zhang@example.com', ADMIN_PASSWORD)
    const page = await visitor.open('/settings/audit?actor=eve@example.com&subject=SUM')
    assert.ok(page.html.includes('@SUM(A1)') && page.html.includes('10.0.0.9'))
    assert.ok(!page.html.includes('＝1'))
    const link = /href="(\/settings\/audit\.csv[^"]*)"/.exec(page.html)?.[1] ?? ''
    const csv = await visitor.open(link.replaceAll('&amp;', '&'))
    assert.equal(csv.html.trim().split('\r\n').length, 2)
    const parameters = { notes: 'x'.repeat(60_000) }
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await world.admin.post('/parameter-sets', { name, parameters })
    const { html } = await visitor.open('/settings/audit')
    assert.ok(html.length < 100_000)
    const whole = /href="(\/settings\/audit\/\d+\.txt)"/.exec(html)?.[1] ?? ''
    assert.ok((await visitor.open(whole)).html.includes(parameters.notes))
    const wrong = await visitor.open('/settings/audit?since=yesterday')
    assert.equal(wrong.status, 400)
    assert.match(wrong.html, /f-since-error/)
  })
})
