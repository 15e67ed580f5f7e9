import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { findPackage } from '../../../src/external/package-server/index.ts'
import { CORE, DEBUG, RELEASE, serve, servePage } from './world.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/listings/${name}`, import.meta.url))
const DATED = [
  'nginx.html',
  'nginx.json',
  'nginx-fancyindex.html',
  'apache-fancy.html',
  'apache-table.html',
  'lighttpd.html',
  'caddy.html',
]
const UNDATED = ['apache-plain.html', 'python.html']
const QUOTED = '100%25 "quoted" <b>.TGZ'

for (const listing of [...DATED, ...UNDATED]) {
  const newest = UNDATED.includes(listing)
    ? { name: 'edge:1.9.tgz', reason: 'last_name', seenCount: 2 }
    : { name: 'edge:1.10.tgz', reason: 'newest', seenCount: 2 }
  const expected = {
    cds: { name: RELEASE, reason: 'release', seenCount: 3 },
    SDS: { name: RELEASE.replace('cds', 'sds'), reason: 'only', seenCount: 1 },
    edge: newest,
    'c.s': { name: 'c.s-2.0.tgz', reason: 'only', seenCount: 1 },
    'a(b': { name: 'a(b-1.0.tgz', reason: 'only', seenCount: 1 },
    player: { name: 'player & 播放器 (v1.0) #2?.tgz', reason: 'only', seenCount: 1 },
    播放器: { name: 'player & 播放器 (v1.0) #2?.tgz', reason: 'only', seenCount: 1 },
    '"QUOTED" <B>': { name: QUOTED, reason: 'only', seenCount: 1 },
  }

  test(`${listing}: every test item gets its package`, async t => {
    const baseUrl = await servePage(t, fixture(listing))
    for (const [itemName, wanted] of Object.entries(expected)) {
      const choice = await findPackage({ baseUrl, packagePath: CORE, itemName })
      const { name, reason, seenCount } = choice
      assert.deepEqual({ name, reason, seenCount }, wanted)
      assert.equal(decodeURIComponent(choice.url), `${baseUrl}/${CORE}/${name}`)
      assert.deepEqual(JSON.parse(JSON.stringify(choice)), choice)
    }
  })

  test(`${listing}: shows where the checksums of the package are`, async t => {
    const baseUrl = await servePage(t, fixture(listing))
    const { checksumFiles } = await findPackage({ baseUrl, packagePath: CORE, itemName: 'cds' })
    assert.deepEqual(checksumFiles, [
      { algorithm: 'sha256', url: `${baseUrl}/${CORE}/SHA256SUMS` },
      { algorithm: 'md5', url: `${baseUrl}/${CORE}/${RELEASE}.md5` },
    ])
  })
}

test('a link that leads anywhere else is not seen', async t => {
  const links = [
    '../../etc/cds.tgz',
    '/etc/cds.tgz',
    '//other.example.com/cds.tgz',
    'http://other.example.com/cds.tgz',
    `http://127.0.0.1:1/${CORE}/cds.tgz`,
    'http://user:word@HOST/PATH/cds.tgz',
    '%2e%2e%2fcds.tgz',
    '..%2fcds.tgz',
    '%2e%2e/cds.tgz',
    '..\\cds.tgz',
    '..%5ccds.tgz',
    'sub/cds.tgz',
    'sub%2fcds.tgz',
    '?C=N;O=D&cds.tgz',
    'cds.tgz?delete',
    'cds%00.tgz',
    'cds%0a.tgz',
    'cds%ff.tgz',
    `${'cds'.repeat(85)}.tgz`,
    'javascript:cds.tgz',
    'data:,cds.tgz',
    'ftp://HOST/PATH/cds.tgz',
    'https://HOST/PATH/cds.tgz',
    'http://[cds.tgz',
  ]
  const baseUrl = await serve(t, ({ headers }, response) => {
    const host = headers.host ?? ''
    const rows = links.map(
      link => `<a href="${link.replace('HOST', host).replace('PATH', CORE)}">cds.tgz</a>`,
    )
    response.end(`<title>Index of /</title>${rows.join('\n')}<a href="good-cds.tgz">`)
  })
  const { seen, name } = await findPackage({ baseUrl, packagePath: CORE, itemName: 'cds' })
  assert.deepEqual(seen, ['good-cds.tgz'])
  assert.equal(name, 'good-cds.tgz')
})

test("a hostile name in nginx' JSON is not seen", async t => {
  const names = [
    '../cds.tgz',
    '..',
    'a/cds.tgz',
    'a\\cds.tgz',
    'cds\u0000.tgz',
    'cds\ud800.tgz',
    '',
    'cds.tgz',
  ]
  const entries = names.map(name => ({ name, type: 'file', mtime: 'Fri, 20 Nov 2026 11:56:00 GMT', size: 1 }))
  entries.push({ name: 'cds-folder.tgz', type: 'directory', mtime: '', size: 0 })
  const baseUrl = await servePage(t, JSON.stringify(entries))
  const { seen } = await findPackage({ baseUrl, packagePath: CORE, itemName: 'cds' })
  assert.deepEqual(seen, ['cds.tgz'])
})

test('one slash joins address and path, and each part is encoded once', async t => {
  const paths: string[] = []
  const server = await serve(t, (request, response) => {
    paths.push(request.url ?? '')
    response.end('<a href="cds.tgz">cds.tgz</a>')
  })
  for (const [baseUrl, packagePath] of [
    [`${server}/build`, 'CDN/Core'],
    [`${server}/build/`, '/CDN/Core/'],
    [`${server}/build//`, '//CDN/Core//'],
    [server, '作业 A/B#1?x=%20&y+z'],
  ] as const)
    await findPackage({ baseUrl, packagePath, itemName: 'cds' })
  assert.deepEqual(paths, [
    '/build/CDN/Core/',
    '/build/CDN/Core/',
    '/build/CDN/Core/',
    `/${encodeURIComponent('作业 A')}/B%231%3Fx%3D%2520%26y%2Bz/`,
  ])
})

test('links are recognised however the server encodes the directory', async t => {
  const baseUrl = await servePage(
    t,
    '<a href="/CDN%2fx/a%28b%20c/cds.tgz">no</a> <a href="/CDN/a%28b%20c/cds-1.tgz">',
  )
  const { name } = await findPackage({ baseUrl, packagePath: 'CDN/a(b c', itemName: 'cds' })
  assert.equal(name, 'cds-1.tgz')
})

test('a path that is the package itself needs no listing', async () => {
  const choice = await findPackage({
    baseUrl: 'http://packages.example.com/build/',
    packagePath: `/${CORE}/播放器 1.TAR.GZ`,
    itemName: 'cds',
  })
  assert.equal(choice.reason, 'direct')
  assert.equal(choice.name, '播放器 1.TAR.GZ')
  assert.equal(choice.directory, `http://packages.example.com/build/${CORE}/`)
  assert.equal(choice.url, `http://packages.example.com/build/${CORE}/${encodeURIComponent(choice.name)}`)
})

test('release wins over the start of the name, that over the date, that over the name', async t => {
  const listing = (...rows: string[]) =>
    `<title>Index of /</title>${rows.map(row => `<a href="${row.split(' ')[0]}">x</a> ${row}`).join('\n')}`
  const cases: [string, string, string][] = [
    [
      listing('cds-2.tgz 2026-11-20 11:56', 'my-CDS-1_Release.tgz 2020-01-01 00:00'),
      'my-CDS-1_Release.tgz',
      'release',
    ],
    [listing('x-cds-2.tgz 2026-11-20 11:56', 'CDS-1.tgz 2020-01-01 00:00'), 'CDS-1.tgz', 'prefix'],
    [
      listing('cds-1.tgz 20-Nov-2026 11:56', 'cds-2.tgz 19-Dec-2025 11:56', 'cds-3.tgz'),
      'cds-1.tgz',
      'newest',
    ],
    [
      listing('cds-1.tgz 2026-11-20 11:56', 'cds-3.tgz 2026-11-20 11:56', 'cds-2.tgz 2026-11-20 11:56'),
      'cds-3.tgz',
      'last_name',
    ],
    [listing('sds-1_release.tgz', 'x_cds.tgz', 'cds.zip'), 'x_cds.tgz', 'only'],
  ]
  for (const [page, name, reason] of cases) {
    const choice = await findPackage({
      baseUrl: await servePage(t, page),
      packagePath: CORE,
      itemName: 'cds',
    })
    assert.deepEqual([choice.name, choice.reason], [name, reason])
  }
})

test('a redirect is followed, and links are read where it leads', async t => {
  const mirror = await servePage(t, `<a href="${RELEASE}">x</a><a href="/mirror/${CORE}/${DEBUG}">y</a>`)
  const baseUrl = await serve(t, (request, response) => {
    response.writeHead(301, { location: `${mirror}/mirror${request.url}` }).end()
  })
  const choice = await findPackage({ baseUrl, packagePath: CORE, itemName: 'cds' })
  assert.equal(choice.url, `${mirror}/mirror/${CORE}/${RELEASE}`)
  assert.equal(choice.directory, `${baseUrl}/${CORE}/`)
  assert.deepEqual(choice.seen, [RELEASE, DEBUG])
})

test('a listing of 100,000 files is read in seconds', { timeout: 20_000 }, async t => {
  const rows = Array.from(
    { length: 100_000 },
    (_, i) => `<a href="cds-${i}.tgz">cds-${i}..&gt;</a>  20-Nov-2026 11:56  165`,
  )
  const baseUrl = await servePage(t, `<title>Index of /x/</title><pre>${rows.join('\n')}</pre>`)
  const { seenCount, seen, name } = await findPackage({ baseUrl, packagePath: CORE, itemName: 'cds' })
  assert.equal(seenCount, 100_000)
  assert.equal(seen.length, 20)
  assert.equal(name, 'cds-99999.tgz')
})
