import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import test, { type TestContext } from 'node:test'
import { createEgress } from '../../src/external/egress.ts'
import { exchange } from '../../src/external/http-client.ts'
import { fetchPackage, findPackage } from '../../src/external/package-server/index.ts'
import { readReport } from '../../src/external/report/index.ts'
import { choiceAt, temporaryFolder } from './package-server/world.ts'

const LIMITS = { timeoutMs: 2_000, maxBytes: 10_000 }

async function serve(t: TestContext, answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close().closeAllConnections())
  return (server.address() as AddressInfo).port
}

const redirectTo =
  (location: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(302, { location }).end()

for (const url of [
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://[fe80::1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fd00:ec2::254]/',
  'http://100.100.100.200/',
]) {
  test(`${url} is not called`, async () => {
    await assert.rejects(exchange(url, LIMITS), { key: 'http:link_local', permanent: true })
  })
}

test('CRAT does not call itself, under none of its addresses', async t => {
  const port = await serve(t, (_request, response) => void response.end('{}'))
  const egress = createEgress({ ownPorts: () => [port] })
  const others = Object.values(networkInterfaces()).flatMap(found => found ?? [])
  const hosts = ['127.0.0.1', 'localhost', '127.8.8.8', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]'].concat(
    others.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  )
  for (const host of hosts) {
    const asking = exchange(`http://${host}:${port}/`, { ...LIMITS, egress })
    await assert.rejects(asking, { key: 'http:own_port' }, host)
  }
  const { status } = await exchange(`http://127.0.0.1:${port}/`, LIMITS)
  assert.equal(status, 200, 'another server at such a port is called')
})

test('a name that resolves to something else the second time is called where it was checked', async t => {
  const port = await serve(t, (_request, response) => void response.end('right'))
  const answers = ['127.0.0.1', '169.254.169.254']
  const resolve = async () => [{ address: answers.shift() ?? '169.254.169.254', family: 4 }]
  const egress = createEgress({ resolve })
  const { body } = await exchange(`http://packages.example.com:${port}/`, { ...LIMITS, egress })
  assert.equal(body.toString(), 'right')
  assert.deepEqual(answers, ['169.254.169.254'], 'resolved once')

  const other = createEgress({ resolve: async () => [{ address: '169.254.1.1', family: 4 }] })
  const asking = exchange(`http://packages.example.com:${port}/`, { ...LIMITS, egress: other })
  await assert.rejects(asking, { key: 'http:link_local' })
})

test('a redirect to another host is followed only where it is allowed', async t => {
  const target = await serve(t, (_request, response) => void response.end('there'))
  const port = await serve(t, redirectTo(`http://store.example.com:${target}/x`))
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
  const ask = (egress: ReturnType<typeof createEgress>) =>
    exchange(`http://packages.example.org:${port}/`, { ...LIMITS, maxRedirects: 5, egress })

  await assert.rejects(ask(createEgress({ resolve })), error => {
    assert.match(String(error), /ALLOWED_FETCH_HOSTS/)
    assert.match(String(error), /store\.example\.com/)
    return true
  })
  for (const allowedHosts of [['store.example.com'], ['*.example.com']]) {
    assert.equal((await ask(createEgress({ resolve, allowedHosts }))).body.toString(), 'there')
  }
  const other = createEgress({ resolve, allowedHosts: ['*.store.example.com', 'example.com'] })
  await assert.rejects(ask(other), { key: 'http:redirect_host' })
  const trusting = createEgress({ resolve }).trusting(['', `http://store.example.com:${target}/`])
  assert.equal((await ask(trusting as ReturnType<typeof createEgress>)).status, 200)
})

test('packages and reports keep the same rules, and say so', async t => {
  const port = await serve(t, redirectTo('http://169.254.169.254/latest/'))
  const server = `http://127.0.0.1:${port}`
  const refused = { key: 'http:redirect_host' }
  const place = { baseUrl: server, packagePath: 'a/b', itemName: 'cds' }
  await assert.rejects(findPackage(place), refused)
  const folder = await temporaryFolder(t)
  await assert.rejects(fetchPackage(choiceAt(server), { folder, pauses: [] }), refused)
  const { tried } = await readReport(`${server}/report/`)
  assert.deepEqual([...new Set(tried.map(({ result }) => result.key))], ['http:redirect_host'])

  const egress = createEgress({ allowedHosts: ['169.254.169.254'] })
  await assert.rejects(findPackage({ ...place, egress }), { key: 'http:link_local' })
})

test('a redirect to something that is no web address is not followed', async t => {
  for (const location of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'data:text/html,x', 'http://']) {
    const port = await serve(t, redirectTo(location))
    const asking = exchange(`http://127.0.0.1:${port}/`, { ...LIMITS, maxRedirects: 5 })
    await assert.rejects(asking, { key: 'http:bad_redirect' }, location)
  }
})

test('user and password of a configured address go to that server alone', async t => {
  const seen: (string | undefined)[] = []
  const note: RequestListener = (request, response) => {
    seen.push(request.headers.authorization)
    response.end('<pre></pre>')
  }
  const other = await serve(t, note)
  const port = await serve(t, (request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(302, { location: `http://127.0.0.1:${other}/` }).end()
  })
  const base = `http://build:p%40ss@127.0.0.1:${port}`
  const egress = createEgress().trusting([base])
  await exchange(`http://127.0.0.1:${port}/x`, { ...LIMITS, maxRedirects: 1, egress })
  await exchange(base, LIMITS)
  const basic = `Basic ${Buffer.from('build:p@ss').toString('base64')}`
  assert.deepEqual(seen, [basic, undefined, basic])
})
