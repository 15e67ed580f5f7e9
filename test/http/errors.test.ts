import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorShape } from '../../src/http/shapes.ts'
import { type RawRequest, rawRequest } from '../http/raw-request.ts'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const admin = { authorization: `Bearer ${world.admin.token}` }
const json = { ...admin, 'content-type': 'application/json' }

/** Asks as an admin; what comes back must be an error of the one shape. */
async function refused(request: RawRequest) {
  const answer = await rawRequest(world.url, { headers: admin, ...request })
  const { status, headers, text } = answer
  assert.match(headers['content-type']?.toString() ?? '', /^application\/json; charset=utf-8/, text)
  const body = JSON.parse(text)
  assert.deepEqual(errorShape.parse(body), body, 'it has the one shape and nothing else')
  assert.match(body.error, /^[\w“].{10,}\.$/s, 'a sentence')
  assert.match(body.code, /^[a-z][a-z0-9_]+$/)
  assert.doesNotMatch(text, /\bat .*\.ts|node_modules|SELECT|prisma|invocation|<!doctype/i)
  return { status, headers, body }
}

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  refused({ method: 'POST', path: '/api/v1/test-items', headers: { ...json, ...headers }, body })

describe('an URL under /api that is none', () => {
  for (const path of [
    '/api',
    '/api/',
    '/api/v1',
    '/api/v2/builds',
    '/api/v1/nope',
    '/api/v1/builds/1/nope',
    '/api/v1/auth',
    '/api/v1//builds',
    '/api/v1/%',
    '/api/v1/nope?x=<script>',
    '/api/v1/../nope',
    '/api/v1/job-versionsx',
  ])
    it(`${path} is 404`, async () => {
      const { status, body } = await refused({ path })
      assert.deepEqual([status, body.code], [404, 'no_such_url'])
    })

  it('is 404 for every method, and for who is not logged in', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const { status } = await refused({ method, path: '/api/v1/nope', headers: {} })
      assert.equal(status, 404, method)
    }
  })

  it('that cannot be decoded is 400', async () => {
    for (const path of [
      '/api/v1/builds/%',
      '/api/v1/builds/job/%E4%BD',
      '/api/v1/job-versions/a%ED%A0%80',
      '/api/v1/settings/%zz',
    ]) {
      const { status, body } = await refused({ path })
      assert.deepEqual([status, body.code], [400, 'broken_url'], path)
    }
  })

  it('has a query that does no harm', async () => {
    const query = '?__proto__[limit]=1&constructor=1&%=%&a[b][c]=1&limit=5'
    const { status, text } = await rawRequest(world.url, { path: `/api/v1/builds${query}`, headers: admin })
    assert.deepEqual([status, JSON.parse(text).limit], [200, 5])
  })
})

describe('a method that is not possible', () => {
  for (const [method, path, allowed] of [
    ['PATCH', '/builds', 'POST, GET, HEAD'],
    ['PUT', '/builds/1', 'GET, HEAD, DELETE'],
    ['GET', '/auth/login', 'POST'],
    ['HEAD', '/auth/login', 'POST'],
    ['DELETE', '/settings', 'GET, HEAD, PUT'],
    ['POST', '/job-versions/CDN%2FCore', 'GET, HEAD, DELETE'],
    ['GET', '/test-items/1/deploy-test', 'POST'],
    ['DELETE', '/builds/job-names', 'GET, HEAD, POST'],
    ['OPTIONS', '/version', 'GET, HEAD'],
  ] as const)
    it(`${method} ${path} is 405`, async () => {
      const request = { method, path: `/api/v1${path}` }
      if (method === 'HEAD') {
        const answer = await rawRequest(world.url, request)
        assert.deepEqual([answer.status, answer.headers.allow, answer.text], [405, allowed, ''])
        return
      }
      const { status, headers, body } = await refused(request)
      assert.deepEqual([status, body.code, headers.allow], [405, 'method_not_allowed', allowed])
    })

  it('is never HEAD where GET is', async () => {
    const path = '/api/v1/version'
    const got = await rawRequest(world.url, { path })
    const head = await rawRequest(world.url, { method: 'HEAD', path })
    assert.deepEqual([head.status, head.text], [200, ''])
    assert.equal(head.headers['content-length'], got.headers['content-length'])
  })
})

describe('a body that is none', () => {
  for (const [what, body, code] of [
    ['nothing', '', 'empty_body'],
    ['white space', ' \n ', 'empty_body'],
    ['an array', '[]', 'invalid_body'],
    ['null', 'null', 'invalid_body'],
    ['a number', '5', 'invalid_body'],
    ['text', '"name"', 'invalid_body'],
    ['half of it', '{"name":"x"', 'broken_json'],
    ['two of them', '{"name":"x"}{}', 'broken_json'],
    ['a form', 'name=x', 'broken_json'],
    ['a page', '<html></html>', 'broken_json'],
    ['NaN', '{"name":NaN}', 'broken_json'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'not_utf8'],
    ['GBK', Buffer.from([0x7b, 0x22, 0xd7, 0xf7, 0x22, 0x3a, 0x31, 0x7d]), 'not_utf8'],
    ['nested too deep', '['.repeat(100_000) + ']'.repeat(100_000), 'too_deep'],
    ['nested without an end', '{"a":'.repeat(50_000), 'broken_json'],
    ['a number of a thousand digits', `{"name":${'9'.repeat(1000)}}`, 'invalid_input'],
  ] as const)
    it(`but ${what} is 400`, async () => {
      const { status, body: answer } = await post(body)
      assert.deepEqual([status, answer.code], [400, code])
    })

  it('that starts with a byte order mark is one', async () => {
    const { status, text } = await rawRequest(world.url, {
      ...{ method: 'POST', path: '/api/v1/test-items', headers: json },
      body: '\ufeff{"name":"with a mark"}',
    })
    assert.equal(status, 201, text)
  })

  it('of another type is 415', async () => {
    for (const type of ['text/xml', 'multipart/form-data; boundary=x', 'text/html', 'image/png', 'jsonp']) {
      const { status, body } = await post('{"name":"x"}', { 'content-type': type })
      assert.deepEqual([status, body.code], [415, 'not_json_type'], type)
    }
  })

  it('in an encoding that nobody knows is 415, and one that is broken 400', async () => {
    const unknown = await post('{"name":"x"}', { 'content-encoding': 'zip' })
    assert.deepEqual([unknown.status, unknown.body.code], [415, 'unsupported_encoding'])
    const broken = await post('{"name":"x"}', { 'content-encoding': 'gzip' })
    assert.deepEqual([broken.status, broken.body.code], [400, 'broken_request'])
  })

  it('that is too large is 413', async () => {
    const { status, body } = await post(JSON.stringify({ name: 'x', description: 'x'.repeat(262_144) }))
    assert.deepEqual([status, body.code], [413, 'too_large'])
  })
})

describe('several mistakes', () => {
  it('are named all at once, each with its place', async () => {
    const { body } = await post('{"description":5,"notification_enabled":"yes","name":""}')
    assert.equal(body.code, 'invalid_input')
    assert.match(body.error, /; 2 more fields are wrong/)
    assert.deepEqual(body.details, [
      { path: 'name', message: 'must not be empty' },
      { path: 'description', message: 'must be text' },
      { path: 'notification_enabled', message: 'must be true or false' },
    ])
  })
})

it('a page on which someone searches for what no text can hold finds nothing', async () => {
  for (const path of ['/tests?q=a%00b', '/builds?q=a%00b', '/tests?q=%ff', '/builds?q=%ED%A0%80']) {
    const { status } = await rawRequest(world.url, { path, headers: admin })
    assert.equal(status, 200, path)
  }
})

it('after all that, it still works', async () => {
  const { status } = await world.liWei.get('/test-items')
  assert.equal(status, 200)
})
