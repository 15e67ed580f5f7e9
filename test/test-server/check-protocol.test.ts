import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FEATURES } from '../../src/test-server/routes.ts'
import { type HttpNeighbour, startHttpNeighbour } from '../neighbours/http-neighbour.ts'
import { json, startTestServer } from '../neighbours/test-server.ts'
import { startServerProcess } from './server-process.ts'

const main = fileURLToPath(new URL('../../src/test-server/check/main.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'crat-check-'))
after(() => rm(folder, { recursive: true, force: true }))

async function check(...args: string[]): Promise<{ code: number; output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; output: string }>()
  execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
    resolve({ code: Number(error?.code ?? 0), output: stdout + stderr })
  })
  return await promise
}

async function testServer(protocol: 1 | 2): Promise<HttpNeighbour> {
  const places = {
    workDir: join(folder, randomUUID()),
    reportDir: folder,
    reportBaseUrl: 'http://reports.example',
  }
  const server = await startTestServer({ ...places, protocol })
  after(() => server.close())
  return server
}

describe('npm run check-test-server', () => {
  it('finds nothing wrong with the program itself, with its token', async () => {
    const config = join(folder, 'services.yaml')
    await writeFile(config, 'services: [{ name: cds, kind: command, deploy: "exit 1" }]')
    const args = ['--config', config, '--data-dir', join(folder, 'data'), '--port', '0', '--strict']
    const server = await startServerProcess(args, { TEST_SERVER_TOKEN: 'secret' })
    after(() => server.kill())
    const { code, output } = await check(server.url, '--token', 'secret')
    assert.equal(code, 0, output)
    for (const feature of FEATURES) assert.match(output, new RegExp(`✓ ${feature}: `), output)
    assert.match(output, /✓ calls without the token are refused/)
    assert.match(output, /Nothing is wrong\.\n$/)
    const without = await check(server.url)
    assert.equal(without.code, 2)
    assert.match(without.output, /wants a token/)
  })

  it('sees which version a server speaks', async () => {
    const { code, output } = await check((await testServer(1)).url)
    assert.equal(code, 0, output)
    assert.match(output, /speaks version 1\n/)
    assert.doesNotMatch(output, /idempotency/)
  })

  it('names what is wrong', async () => {
    const server = await testServer(2)
    let tasks = 0
    server.answerAlways('POST /api/deploy_and_test_mock', json({ task_id: 7 + tasks++ }))
    const done = { status: 'finished', result: { deploy: { success: 'yes' } } }
    server.answerAlways(
      /^GET \/api\/tasks\/7$/,
      json({ task_id: 7, ...done, status: 'completed', error: null }),
    )
    const { code, output } = await check(server.url)
    assert.equal(code, 1, output)
    assert.match(output, /✗ a task that is over has its times and its result\n {2}"start_time" is no time/)
    assert.match(output, /✗ idempotency: .*\n {2}Two keys gave one task/)
    assert.match(output, /✗ a submit that is wrong is refused/)
  })

  it('leaves a server alone that has no dry run, or is none', async () => {
    const server = await startHttpNeighbour(() => ({ status: 404, body: 'not found' }))
    after(() => server.close())
    const { code, output } = await check(server.url)
    assert.equal(code, 2)
    assert.match(output, /it has no dry run: POST \/api\/deploy_and_test_mock answered 404/)
    assert.equal(server.requestsTo(/POST \/api\/deploy_and_test$/).length, 0)
    assert.equal((await check('http://127.0.0.1:9')).code, 2)
    assert.equal((await check('no address')).code, 2)
  })
})
