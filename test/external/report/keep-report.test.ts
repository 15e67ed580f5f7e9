import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { mirrorReport, unpackReport } from '../../../src/external/report/keep/index.ts'
import { type Packed, tgzOf } from './archives.ts'
import { reportServer } from './report-server.ts'

/** The folder to fill, and what lies beside it. */
async function emptyFolder(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'crat-keep-'))
  t.after(() => rm(root, { recursive: true }))
  const folder = join(root, 'a', 'b')
  await mkdir(folder, { recursive: true })
  return { folder, files: async () => (await readdir(root, { recursive: true })).sort() }
}

test('a page whose name leads out of the folder is refused', async t => {
  const { folder, files } = await emptyFolder(t)
  const { url, asked } = await reportServer(t, { '/x.html': 'outside' })
  for (const name of ['..%2F..%2Fx.html', '..%5Cx.html', '%00.html', '%ZZ.html'])
    await assert.rejects(mirrorReport(`${url}/a/${name}`, folder), { code: 'bad_name', permanent: true })
  assert.deepEqual(asked, [])
  assert.deepEqual(await files(), ['a', 'a/b'])
})

test('what a page names outside of the report is not fetched', async t => {
  const { folder, files } = await emptyFolder(t)
  const page = ['../x.js', '..%2Fx.js', '%2e%2e/x.js', '/x.js', 'own.js'].map(
    src => `<script src="${src}"></script>`,
  )
  const { url } = await reportServer(t, {
    '/a/b/live.html': page.join(''),
    '/x.js': 'x',
    '/a/b/own.js': 'own',
  })
  const kept = await mirrorReport(`${url}/a/b/live.html`, folder)
  assert.equal(kept.entry, 'live.html')
  assert.deepEqual(await files(), ['a', 'a/b', 'a/b/live.html', 'a/b/own.js'])
})

test('a file whose name the folder cannot hold is left out', async t => {
  const { folder } = await emptyFolder(t)
  const [long, fits] = [`${'报'.repeat(86)}.png`, `${'告'.repeat(83)}.png`]
  const names = ['data', 'data/x.png', long, fits]
  const page = names.map(name => `<img src="${name}">`).join('')
  const paths = ['/live.html', ...names.map(name => `/${encodeURI(name)}`)]
  const { url } = await reportServer(t, Object.fromEntries(paths.map(path => [path, page])))
  const kept = await mirrorReport(`${url}/live.html`, folder)
  assert.ok(kept.cut)
  const found = await readdir(folder)
  assert.deepEqual(
    [found.includes('live.html'), found.includes(fits), found.includes(long)],
    [true, true, false],
  )
})

test('what arrives at the same time counts against the limit', async t => {
  const { folder, files } = await emptyFolder(t)
  const names = Array.from({ length: 6 }, (_, i) => `${i}.bin`)
  const page = names.map(name => `<img src="${name}">`).join('')
  const waiting: (() => void)[] = []
  /** Ends only when all have begun. */
  const bytes: Parameters<typeof reportServer>[1][string] = (_request, response) => {
    response.write(Buffer.alloc(1_000))
    waiting.push(() => response.end(Buffer.alloc(1_000)))
    if (waiting.length === names.length) for (const end of waiting) end()
  }
  const pages = Object.fromEntries(names.map(name => [`/${name}`, bytes]))
  const { url } = await reportServer(t, { '/live.html': page, ...pages })
  const kept = await mirrorReport(`${url}/live.html`, folder, { limits: { bytes: 5_000 } })
  assert.ok(kept.cut && kept.bytes <= 5_000, `${kept.bytes} bytes`)
  assert.equal((await files()).length, 2 + kept.files)
})

test('a page that is too large for its links to be read is kept', async t => {
  const { folder } = await emptyFolder(t)
  const single = Buffer.alloc(17 * 1024 ** 2, '<img src="x.png">')
  const { url, asked } = await reportServer(t, { '/live.html': single })
  const kept = await mirrorReport(`${url}/live.html`, folder)
  assert.deepEqual([kept.files, kept.bytes, kept.cut], [1, single.length, false])
  assert.deepEqual(asked, ['/live.html'])
})

async function unpack(t: TestContext, entries: Packed[], limits: Parameters<typeof unpackReport>[2] = {}) {
  const { folder } = await emptyFolder(t)
  const archive = join(folder, '..', 'report.tgz')
  await writeFile(archive, tgzOf(entries))
  const kept = await unpackReport(archive, folder, limits)
  return { ...kept, found: (await readdir(folder, { recursive: true })).sort() }
}

const START = { name: 'index.html', body: '<head></head>' }

test('an archive makes only the folders of its files, and not too deep', async t => {
  const deep = { name: `${'a/'.repeat(30)}x.js`, body: 'x' }
  const empty = Array.from({ length: 20 }, (_, i) => ({ name: `empty${i}/`, mode: 0o40755 }))
  const { found, files, cut } = await unpack(t, [START, ...empty, { name: 'b/c/d.js', body: 'd' }, deep])
  assert.deepEqual(found, ['b', 'b/c', 'b/c/d.js', 'index.html'])
  assert.deepEqual([files, cut], [2, true])
})

test('an archive is cut where its files have too many folders', async t => {
  const spread = ['a/1/1.js', 'b/2/2.js', 'c/3/3.js'].map(name => ({ name, body: 'x' }))
  const { files, cut } = await unpack(t, [START, ...spread], { limits: { files: 5 } })
  assert.deepEqual([files, cut], [3, true])
})

test('an archive far beyond the limits is given up, and one that takes too long', async t => {
  const links = Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, mode: 0o120777 }))
  await assert.rejects(unpack(t, [START, ...links], { limits: { files: 5 } }), { code: 'too_large' })
  await assert.rejects(unpack(t, [START], { limits: { ms: -1 } }), { code: 'too_large' })
  await assert.rejects(unpack(t, [START], { signal: AbortSignal.abort() }), { name: 'AbortError' })
})
