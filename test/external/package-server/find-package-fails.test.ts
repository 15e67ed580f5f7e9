import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { findPackage, PackageError } from '../../../src/external/package-server/index.ts'
import { followRedirects } from '../../../src/external/package-server/redirects.ts'
import { CORE, DEBUG, RELEASE, serve, servePage } from './world.ts'

async function failure(baseUrl: string, packagePath = CORE, itemName = 'cds'): Promise<PackageError> {
  const error = await findPackage({ baseUrl, packagePath, itemName }).then(
    () => assert.fail('a package was found'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof PackageError, String(error))
  assert.doesNotMatch(error.message, /\{\{|undefined/)
  assert.notEqual(error.inLocale('zh-CN'), error.message)
  return error
}

test('no package of the item: says what was looked for, where, and what is there', async t => {
  const baseUrl = await servePage(
    t,
    `<title>Index of /</title><a href="${RELEASE}">x</a><a href="${DEBUG}">y</a>`,
  )
  const error = await failure(baseUrl, CORE, 'edge.player')
  assert.equal(error.key, 'package:no_match')
  for (const part of ['edge.player', `${baseUrl}/${CORE}/`, RELEASE, DEBUG])
    assert.ok(error.message.includes(part), part)
})

test('files but no package at all: names the files', async t => {
  const error = await failure(await servePage(t, '<title>Index of /</title><a href="cds.zip">x</a>'))
  assert.equal(error.key, 'package:no_packages')
  assert.match(error.message, /cds\.zip/)
})

const EMPTY = {
  nginx:
    '<html><head><title>Index of /x/</title></head><body><h1>Index of /x/</h1><hr><pre><a href="../">../</a>',
  'nginx JSON': '[\n]\n',
  Python: '<title>Directory listing for /x/</title><h1>Directory listing for /x/</h1><hr><ul></ul>',
  Caddy: '<title>x</title><a href="..">Up</a>',
}
for (const [server, page] of Object.entries(EMPTY))
  test(`an empty directory of ${server} is called empty`, async t => {
    const error = await failure(await servePage(t, page))
    assert.equal(error.key, 'package:empty_directory')
    assert.ok(error.permanent)
  })

const NO_LISTINGS = {
  'a login page': '<title>Log in</title><form><a href="forgot">Forgot?</a><a href="/">Home</a></form>',
  'an application':
    '<!doctype html><title>Portal</title><div id="root"></div><script>"<a href=cds.tgz>"</script>',
  'plain text': 'OK',
  nothing: '',
  'other JSON': '[{"id": 1}]',
}
for (const [what, page] of Object.entries(NO_LISTINGS))
  test(`${what} is not taken for a listing`, async t => {
    assert.equal((await failure(await servePage(t, page))).key, 'package:not_a_listing')
  })

for (const [status, key, permanent] of [
  [404, 'package:directory_not_found', true],
  [403, 'package:directory_forbidden', true],
  [500, 'package:listing_status', false],
  [204, 'package:listing_status', true],
] as const)
  test(`HTTP ${status} gets a sentence of its own`, async t => {
    const error = await failure(await servePage(t, '', status))
    assert.equal(error.key, key)
    assert.equal(error.permanent, permanent)
    assert.match(error.message, new RegExp(`${status}`))
  })

test('a server that is down is named', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  const error = await failure(`http://127.0.0.1:${port}`)
  assert.equal(error.key, 'http:refused')
  assert.match(error.message, new RegExp(`127.0.0.1:${port}`))
})

test('a wrong address in the settings is named', async () => {
  for (const baseUrl of ['', 'packages.example.com', 'ftp://packages.example.com', 'http://'])
    assert.equal((await failure(baseUrl)).key, 'package:bad_base_url')
})

test('a path that leads out of the package server’s directory is refused', async t => {
  const baseUrl = await servePage(t, `<a href="${RELEASE}">x</a>`)
  for (const packagePath of ['../secret', 'CDN/../../secret', './CDN', 'CDN/..'])
    assert.equal((await failure(baseUrl, packagePath)).key, 'package:bad_path')
})

test('a redirect to a directory above is no listing of this build', async t => {
  const baseUrl = await serve(t, (request, response) => {
    if (request.url === '/CDN/Core/')
      response.end('<title>Index of</title><a href="cds-of-another-build.tgz">x</a>')
    else response.writeHead(302, { location: '/CDN/Core/' }).end()
  })
  assert.equal((await failure(baseUrl)).key, 'package:redirected_up')
})

test('redirects without an end are followed five times', async t => {
  let requests = 0
  const baseUrl = await serve(t, (request, response) => {
    requests++
    response.writeHead(302, { location: `${request.url}x/` }).end()
  })
  assert.equal((await failure(baseUrl)).key, 'package:too_many_redirects')
  assert.equal(requests, 6)
})

test('a redirect to something that is no web address is refused', async t => {
  const baseUrl = await serve(t, (_request, response) => {
    response.writeHead(302, { location: 'file:///etc/' }).end()
  })
  assert.equal((await failure(baseUrl)).key, 'package:bad_redirect')
})

test('a redirect that leaves https is refused', async () => {
  const answer = { status: 301, headers: { location: 'http://packages.example.com/' } }
  const asking = followRedirects(new URL('https://packages.example.com/'), async () => answer)
  await assert.rejects(asking, { key: 'package:bad_redirect' })
})

test('a listing beyond 64 MiB is refused', async t => {
  const blocks = Array<Buffer>(70).fill(Buffer.alloc(1024 * 1024, ' '))
  const baseUrl = await serve(t, (_request, response) => void Readable.from(blocks).pipe(response))
  assert.equal((await failure(baseUrl)).key, 'http:too_large')
})

test('an abort ends the search at once, with its own reason', async t => {
  const controller = new AbortController()
  const baseUrl = await serve(t, () => controller.abort(new Error('Li Wei cancelled it')))
  const search = findPackage({ baseUrl, packagePath: CORE, itemName: 'cds', signal: controller.signal })
  await assert.rejects(search, { message: 'Li Wei cancelled it' })
})
