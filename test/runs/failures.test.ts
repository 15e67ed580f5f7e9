import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { json, POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { coreBuild, startWorkingWorld } from '../world/index.ts'
import { html, mailAbout, stepOf, stepsOf } from './story.ts'

const NOBODY = 'http://127.0.0.1:1'
const PACKAGE = 'cds-5.3.9-c54239ed_x86_64-linux-gnu_20240626_release.tgz'

const world = await startWorkingWorld()
const { packageServer, testServer } = world.neighbours
await world.buildCore(101)
const wholePackage = gzipSync(Buffer.alloc(100_000, 'cds'))

/** What is wrong, the step that it fails, and what the sentence must hold: what, where, what to do. */
const CASES: [what: string, step: string, arrange: () => unknown, says: (string | RegExp)[]][] = [
  [
    'the package server is down',
    'download',
    () => set('package_download_base_url', NOBODY),
    ['127.0.0.1:1', 'refused the connection', /check/i],
  ],
  [
    'the directory of the build is gone',
    'download',
    () => directory('gone', null),
    ['/build/gone/', '404', 'removed'],
  ],
  [
    'the package server is broken',
    'download',
    () => packageServer.answerNext('GET /build', html('oops', 503)),
    ['503', packageServer.url, /check/i],
  ],
  [
    'the directory is empty',
    'download',
    () => directory('empty', {}),
    ['/build/empty/', 'empty', '“cds”', /uploaded/],
  ],
  [
    'a page that lists nothing answers',
    'download',
    () => packageServer.answerNext('GET /build', html('<h1>Welcome to the intranet</h1>')),
    ['not a directory listing', 'autoindex on', packageServer.url],
  ],
  [
    'no package is for this item',
    'download',
    () => directory('others', { 'sds-1.0_release.tgz': wholePackage, 'vod-2.0.tar.gz': wholePackage }),
    ['“cds”', 'sds-1.0_release.tgz, vod-2.0.tar.gz', '/build/others/', /check/i],
  ],
  [
    'one byte of the package is wrong on its way',
    'download',
    () => packageServer.answerNext('_release.tgz', { damage: { flipByteAt: 200 } }),
    [/damaged|is not what was built/, 'discarded', /upload/i],
  ],
  [
    'the package is no gzip file',
    'download',
    () => directory('page', { [PACKAGE]: '<html>Not here</html>' }),
    [PACKAGE, 'is not a gzip file', /upload/],
  ],
  [
    'the checksum beside the package is another',
    'download',
    () =>
      directory('sum', { [PACKAGE]: wholePackage, [`${PACKAGE}.sha256`]: `${'0'.repeat(64)}  ${PACKAGE}\n` }),
    [PACKAGE, /sha.?256/i, '0'.repeat(64), /upload/i],
  ],
  [
    'the test server is down',
    'test',
    () => set('external_test_server_url', NOBODY),
    ['127.0.0.1:1', 'refused the connection', /check/i],
  ],
  [
    'the test server answers a web page',
    'test',
    () => testServer.answerNext(SUBMIT, html('<h1>Log in</h1>')),
    ['not JSON', '/api/deploy_and_test', '<h1>Log in</h1>', 'external_test_server_url'],
  ],
  [
    'the test server refuses a field',
    'test',
    () => testServer.answerNext(SUBMIT, json({ error: 'base_url: unknown field' }, 422)),
    ['422', 'base_url: unknown field', testServer.url, 'parameter set'],
  ],
  [
    'the test server breaks',
    'test',
    () => testServer.answerNext(SUBMIT, html('Traceback', 500)),
    ['500', 'Traceback', testServer.url, /retry/],
  ],
  [
    'the test server redirects',
    'test',
    () => testServer.answerNext(SUBMIT, { status: 307, headers: { location: '/elsewhere' } }),
    ['redirects to /elsewhere', '307', 'external_test_server_url'],
  ],
  [
    'the answer names no task',
    'test',
    () => testServer.answerNext(SUBMIT, json({ status: 'ok' }, 202)),
    ['no task_id', '{"status":"ok"}', testServer.url, /retry/],
  ],
  [
    'half of the answer is missing',
    'test',
    () => testServer.answerNext(SUBMIT, { body: '{"task_id": "aaf8' }),
    ['not JSON', '{"task_id": "aaf8'],
  ],
  [
    'the test server hangs up on the submit',
    'test',
    () => testServer.answerNext(SUBMIT, 'hang-up'),
    ['not known whether', 'not repeated', testServer.url, /retry/],
  ],
  [
    'the task is lost',
    'monitor',
    () => testServer.answerNext(POLL, html('?', 404), html('?', 404), html('?', 404)),
    ['has lost task', 'three times in a row', testServer.url, /Retry/],
  ],
  [
    'the task failed, and says why',
    'monitor',
    () =>
      testServer.answerNext(
        POLL,
        taskAnswer('failed', { error: 'disk of 10.8.24.59 is full: $t(x) {{y}} $&' }),
      ),
    ['disk of 10.8.24.59 is full: $t(x) {{y}} $&', testServer.url, /retry/],
  ],
  [
    'the task failed with an object',
    'monitor',
    () =>
      testServer.answerNext(
        POLL,
        taskAnswer('failed', { error: { message: 'cds.service: exit 203', code: 7 } }),
      ),
    ['cds.service: exit 203', testServer.url],
  ],
  [
    'the task failed with an object that has no message',
    'monitor',
    () => testServer.answerNext(POLL, taskAnswer('failed', { error: { code: 7, host: 'node-3' } })),
    ['{"code":7,"host":"node-3"}', testServer.url],
  ],
  [
    'the task failed and says nothing',
    'monitor',
    () => testServer.answerNext(POLL, taskAnswer('failed', { error: null })),
    ['gives no reason', testServer.url, 'log'],
  ],
  [
    'the package could not be deployed',
    'monitor',
    () =>
      testServer.answerNext(
        POLL,
        taskAnswer('completed', {
          result: { deploy: { success: false, error: 'port 80 is taken' }, test: null },
        }),
      ),
    ['could not be deployed', 'port 80 is taken', testServer.url, /retry/],
  ],
]

describe('a neighbour is in the wrong', () => {
  for (const [what, step, arrange, says] of CASES) {
    it(`fails the run and says so: ${what}`, async () => {
      const submitsBefore = testServer.requestsTo(SUBMIT).length
      const build = await arrange()
      const run = await world.liWei.untilFinished(
        await world.trigger(world.liWei, typeof build === 'number' ? { build_info_id: build } : {}),
      )
      await behave()

      assert.equal(run.status, 'FAILED')
      assert.equal(run.outcome, 'unknown')
      for (const part of says) assert.ok(holds(run.error_message, part), `${part}: ${run.error_message}`)
      assert.equal(stepsOf(run).at(-2), `${step} FAILED`)
      assert.equal(stepOf(run, step).error, run.error_message)
      const mail = await mailAbout(world, run)
      assert.ok(oneSpace(mail.text).includes(oneSpace(run.error_message)), oneSpace(mail.text))
      assert.match(mail.subject ?? '', /cds #101$/)
      assert.ok(testServer.requestsTo(SUBMIT).length - submitsBefore <= 1, 'it submitted again')
    })
  }

  it('never went where the test server redirected to', () => {
    assert.equal(testServer.requestsTo('/elsewhere').length, 0)
  })

  it('keeps the raw answer of a task that failed', async () => {
    testServer.answerNext(POLL, taskAnswer('failed', { error: 'no space', end_time: '2025-06-18 02:16:54' }))
    const run = await world.liWei.untilFinished(await world.trigger())
    assert.equal(run.response_raw_data.error, 'no space')
    assert.equal(stepOf(run, 'monitor').details.end_time, '2025-06-18 02:16:54')
  })

  it('looks again where an answer nests without end, and the next one runs', async () => {
    const deep = `{"status": "completed", "result": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`
    testServer.answerNext(POLL, { body: deep })
    const first = await world.trigger()
    const second = await world.trigger()
    for (const id of [first, second]) assert.equal((await world.liWei.untilFinished(id)).status, 'COMPLETED')
    assert.ok(testServer.requestsTo(POLL).length > 2)
  })
})

function holds(text: string, part: string | RegExp): boolean {
  return typeof part === 'string' ? text.includes(part) : part.test(text)
}

const oneSpace = (text = '') => text.replace(/\s+/g, ' ')

async function set(key: string, value: string): Promise<void> {
  const { status } = await world.admin.put(`/settings/${key}`, { value })
  assert.equal(status, 200)
}

async function behave(): Promise<void> {
  packageServer.behave()
  testServer.behave()
  await set('package_download_base_url', packageServer.url)
  await set('external_test_server_url', testServer.url)
}

/** A build #101 whose directory holds these files; null: there is no directory. */
async function directory(name: string, files: Record<string, string | Buffer> | null): Promise<number> {
  const folder = join(packageServer.root, 'build', name)
  await rm(folder, { recursive: true, force: true })
  if (files) await mkdir(folder, { recursive: true })
  for (const [file, content] of Object.entries(files ?? {})) await writeFile(join(folder, file), content)
  const { body } = await world.anyone.post('/builds', coreBuild(101, { PACKAGE_PATH: `build/${name}` }))
  return body.data.id
}
