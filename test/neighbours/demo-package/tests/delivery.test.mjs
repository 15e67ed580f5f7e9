import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { createService, manifest } from '../service.mjs'

// The service that was deployed; where none was, one of the tests' own.
let url = process.env.SERVICE_URL

if (!url) {
  const service = createService()
  before(async () => {
    await once(service.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${service.address().port}`
  })
  after(() => service.close())
}

const get = (path, headers = {}) => fetch(url + path, { headers: { connection: 'close', ...headers } })

test('The installed service is healthy', async () => {
  assert.deepEqual(await (await get('/health')).json(), { status: 'ok' })
})

test('It tells the version of its package', async () => {
  assert.equal((await (await get('/version')).json()).version, manifest.version)
})

test('It delivers the whole file', async () => {
  const response = await get('/news')
  assert.equal(response.status, 200)
  assert.equal((await response.arrayBuffer()).byteLength, 1024)
})

test('What does not exist is 404', async () => {
  assert.equal((await get('/olds')).status, 404)
})

test('Answers may be cached', async () => {
  assert.match((await get('/news')).headers.get('cache-control'), /s-maxage=600/)
})

for (const [range, length] of [
  ['bytes=0-99', 100],
  ['bytes=1000-', 24],
  ['bytes=-5', 5],
  ['bytes=0-9999', 1024],
]) {
  test(`It delivers the part ${range}`, async () => {
    const response = await get('/news', { range })
    assert.equal(response.status, 206)
    assert.equal((await response.arrayBuffer()).byteLength, length)
  })
}

test('A part beyond the end is 416', async () => {
  assert.equal((await get('/news', { range: 'bytes=2000-' })).status, 416)
})

test('Delivery over HTTP/3', { skip: 'the test environment has no UDP' }, () => {})
