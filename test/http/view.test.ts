import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import test, { after } from 'node:test'
import express, { type Response } from 'express'
import { flash } from '../../src/http/flash.ts'
import { readPreferences } from '../../src/http/preferences.ts'
import { createView, template } from '../../src/http/view.ts'
import { stateOf } from '../../src/lib/run-state.ts'

const app = express()
const view = createView({ cache: true, version: '2.0.0' })
app.use(readPreferences)
app.get('/flash', (_req, res) => {
  flash(res, 'done', 'pages:flash.run_cancelled', { run: 7 })
  res.redirect('/page')
})
app.get(['/page', /evil/], (_req, res: Response) =>
  view.render(
    res,
    template<object>('pages/error'),
    { status: 404, message: '<script>alert(1)</script>' },
    404,
  ),
)
const server = app.listen(0, '127.0.0.1')
after(() => server.close())
await once(server, 'listening')

async function open(path: string, headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: 'manual' })
  return { answer, html: await answer.text() }
}

test('an address that reads as another site is not linked to', async () => {
  for (const path of ['//evil.example/login', '/\\evil.example/login'])
    assert.doesNotMatch((await open(path)).html, /evil/)
  assert.match((await open('/page?x=1')).html, /href="\/page\?x=1"/)
})

test('the browser chooses the language', async () => {
  const chinese = await open('/page', { 'accept-language': 'zh-TW,zh;q=0.9,en;q=0.8' })
  assert.match(chinese.html, /<html lang="zh-CN">/)
  assert.match(chinese.html, /此处没有内容/)
  const french = await open('/page', { 'accept-language': 'fr' })
  assert.match(french.html, /<html lang="en">/)
})

test('the cookie wins over the browser, unless it names no language', async () => {
  const english = await open('/page', { 'accept-language': 'zh-CN', cookie: 'lang=en' })
  assert.match(english.html, /Nothing here/)
  const unknown = await open('/page', { 'accept-language': 'zh-CN', cookie: 'lang=../../x' })
  assert.match(unknown.html, /此处没有内容/)
})

test('the theme is the system’s until someone chooses', async () => {
  assert.doesNotMatch((await open('/page')).html, /data-theme/)
  assert.match((await open('/page', { cookie: 'theme=dark' })).html, /data-theme="dark"/)
  assert.doesNotMatch((await open('/page', { cookie: 'theme="><b>' })).html, /data-theme/)
})

test('what others wrote is escaped, and nothing is inline', async () => {
  const { answer, html } = await open('/page')
  assert.equal(answer.status, 404)
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
  assert.doesNotMatch(html, /<script>|\sstyle="|\son\w+="/)
})

test('a message is said once, on the next page, in the reader’s language', async () => {
  const first = await open('/flash')
  const cookie = first.answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const next = await open('/page', { cookie: `${cookie}; lang=zh-CN` })
  assert.match(next.html, /运行 7 已取消。/)
  assert.match(next.answer.headers.getSetCookie().join(), /flash=;.*Expires=Thu, 01 Jan 1970/)
})

test('a broken message cookie is ignored', async () => {
  const { answer, html } = await open('/page', { cookie: 'flash=%7Bnonsense' })
  assert.equal(answer.status, 404)
  assert.doesNotMatch(html, /class="flash/)
})

test('a run whose tests failed is never green', () => {
  assert.equal(stateOf({ status: 'COMPLETED', outcome: 'failed' }).tone, 'failed')
  assert.equal(stateOf({ status: 'COMPLETED', outcome: 'unknown' }).tone, 'unknown')
  assert.equal(stateOf({ status: 'COMPLETED', outcome: null }).tone, 'unknown')
  assert.equal(stateOf({ status: 'FAILED', outcome: 'unknown' }).tone, 'warn')
  assert.equal(stateOf({ status: 'COMPLETED', outcome: 'passed' }).tone, 'passed')
})
