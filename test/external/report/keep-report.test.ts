import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { mirrorReport } from '../../../src/external/report/keep/index.ts'
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
