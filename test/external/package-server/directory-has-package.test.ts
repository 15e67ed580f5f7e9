import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directoryHasPackage, PackageError } from '../../../src/external/package-server/index.ts'
import { CORE, RELEASE, serve, servePage } from './world.ts'

const listing = `<title>Index of /</title><a href="${RELEASE}">x</a><a href="cds.zip">y</a>`

test('a build has a package when one of the test items finds its own', async t => {
  const baseUrl = await servePage(t, listing)
  const has = (...itemNames: string[]) => directoryHasPackage({ baseUrl, packagePath: CORE, itemNames })
  assert.equal(await has('sds', 'CDS'), true)
  assert.equal(await has('sds', 'c.s'), false)
  assert.equal(await has(), true)
})

test('an empty directory and one that is gone have none', async t => {
  const ask = (baseUrl: string) => directoryHasPackage({ baseUrl, packagePath: CORE, itemNames: ['cds'] })
  assert.equal(await ask(await servePage(t, '<title>Index of /</title>')), false)
  assert.equal(await ask(await servePage(t, 'Not Found', 404)), false)
})

test('whatever else cannot be read is no answer', async t => {
  const pages: [string, number][] = [
    ['', 500],
    ['', 403],
    ['<title>Log in</title><a href="/">Home</a>', 200],
  ]
  for (const [page, status] of pages) {
    const baseUrl = await servePage(t, page, status)
    await assert.rejects(
      directoryHasPackage({ baseUrl, packagePath: CORE, itemNames: ['cds'] }),
      PackageError,
    )
  }
})

test('a path that is the package itself is asked for without fetching it', async t => {
  const methods: (string | undefined)[] = []
  const baseUrl = await serve(t, ({ method, url }, response) => {
    methods.push(method)
    response
      .writeHead(url === `/${RELEASE}` ? 200 : url === '/down.tgz' ? 503 : 404, { 'content-length': 2e9 })
      .end()
  })
  const ask = (packagePath: string) => directoryHasPackage({ baseUrl, packagePath, itemNames: ['cds'] })
  assert.equal(await ask(RELEASE), true)
  assert.equal(await ask('gone.tgz'), false)
  await assert.rejects(ask('down.tgz'), PackageError)
  assert.deepEqual(methods, ['HEAD', 'HEAD', 'HEAD'])
})
