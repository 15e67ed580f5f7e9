import assert from 'node:assert/strict'
import test from 'node:test'
import { CORE, coreBuild, openWorld, startWorld } from '../world/index.ts'

const world = await startWorld()
const other = await openWorld(world.dataDir, world.databaseUrl, {})

/** The events of a stream, one by one. */
async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: unknown }> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    const messages = text.split('\n\n')
    text = messages.pop() ?? ''
    for (const message of messages) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? []
      if (event) yield { event, data: JSON.parse(data ?? '') }
    }
  }
}

function listen(url: string, token: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/live`, { headers: { authorization: `Bearer ${token}` }, signal })
}

test('who is logged in hears of changes in whatever process, as soon as they are committed', async () => {
  const stop = new AbortController()
  const response = await listen(other.url, other.liWei.token, stop.signal)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.equal(response.headers.get('content-encoding'), null)
  const events = eventsOf(response)
  await world.anyone.post('/builds', coreBuild(101))
  const first = await events.next()
  assert.deepEqual(first.value, { event: 'change', data: { topic: 'job', id: CORE } })

  const { body } = await other.admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
  const second = await events.next()
  assert.deepEqual(second.value, { event: 'change', data: { topic: 'item', id: body.data.id } })
  stop.abort()
})

test('without a session there is nothing to hear, and the answer says why', async () => {
  const response = await fetch(`${world.url}/live`)
  assert.equal(response.status, 401)
  assert.match(await response.text(), /"code":"not_logged_in"/)
})

test('a stream ends with its session, in whatever process', async () => {
  const zhaoMin = await world.logIn('zhao.min@example.com')
  const response = await listen(other.url, zhaoMin.token)
  await zhaoMin.post('/auth/logout')
  for await (const _ of eventsOf(response)) assert.fail('nothing happened')
})

test('a process that stops ends its streams, so that pages go to another', async () => {
  const third = await openWorld(world.dataDir, world.databaseUrl, {})
  const wangFang = await third.logIn('wang.fang@example.com')
  const response = await listen(third.url, wangFang.token)
  await third.crat.stop()
  for await (const _ of eventsOf(response)) assert.fail('nothing happened')
})

test('what changes many times in a moment is told once', async () => {
  const stop = new AbortController()
  const response = await listen(world.url, world.liWei.token, stop.signal)
  const events = eventsOf(response)
  const numbers = Array.from({ length: 20 }, (_, index) => 200 + index)
  await Promise.all(numbers.map(number => world.anyone.post('/builds', coreBuild(number))))
  const { body } = await world.admin.post('/test-items', { name: 'sls', associated_job_name: CORE })
  const told: unknown[] = []
  for await (const { data } of events) {
    told.push(data)
    if ((data as { topic: string }).topic === 'item') break
  }
  assert.deepEqual(told.at(-1), { topic: 'item', id: body.data.id })
  assert.ok(told.length < numbers.length, `${told.length} events`)
  stop.abort()
})

test('who says what they have seen hears what they have missed, and that alone', async () => {
  const page = await fetch(`${world.url}/tests`, { headers: { cookie: `crat_session=${world.liWei.token}` } })
  const [, mark = ''] = /data-mark="([^"]+)"/.exec(await page.text()) ?? []
  const { body } = await world.admin.post('/test-items', { name: 'missed' })
  const missed = { event: 'change', data: { topic: 'item', id: body.data.id } }
  for (const [since, first] of [
    [mark, missed],
    ['of.7', { event: 'gap', data: {} }],
  ] as const) {
    const stop = new AbortController()
    const headers = { authorization: `Bearer ${world.liWei.token}` }
    const response = await fetch(`${world.url}/live?since=${since}`, { headers, signal: stop.signal })
    assert.deepEqual((await eventsOf(response).next()).value, first)
    stop.abort()
  }
})
