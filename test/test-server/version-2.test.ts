import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { FEATURES } from '../../src/test-server/routes.ts'
import type { Work, WorkTools } from '../../src/test-server/tasks/task.ts'
import { makePackage } from '../neighbours/demo-build.ts'
import type { HttpNeighbour } from '../neighbours/http-neighbour.ts'
import { startPackageServer } from '../neighbours/package-server.ts'
import { startReportServer } from '../neighbours/report-server.ts'
import { startTestServer } from '../neighbours/test-server.ts'

const folder = await mkdtemp(join(tmpdir(), 'crat-version-2-'))
const reportServer = await startReportServer(join(folder, 'reports'))
const packageServer = await startPackageServer(folder)
after(async () => {
  await Promise.all([reportServer.close(), packageServer.close()])
  await rm(folder, { recursive: true, force: true })
})

/** Each server has a folder of its own. */
const places = () => ({
  workDir: join(folder, randomUUID()),
  reportDir: reportServer.root,
  reportBaseUrl: reportServer.url,
})

/** A test server whose one task at a time goes on as the test says. */
async function startObedient() {
  const begun = Promise.withResolvers<WorkTools>()
  const end = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  const work: Work = async ({ service_name, upgrade_type }, tools) => {
    tools.signal.addEventListener('abort', () => {
      stopped.resolve()
      end.reject(tools.signal.reason)
    })
    begun.resolve(tools)
    await end.promise
    const deploy = { service: service_name, upgrade_type, success: true }
    return { deploy, test: { report_url: `${reportServer.url}/cds/` } }
  }
  const server = await startTestServer({ ...places(), protocol: 2, work })
  after(() => server.close())
  return { server, begun: begun.promise, finish: end.resolve, stopped: stopped.promise }
}

const submission = (changes: object = {}) => ({
  service_name: 'CDS',
  package_path: join(folder, 'cds-5.3.9_release.tgz'),
  install_dir: '',
  upgrade_type: 'full',
  test_path: '',
  base_url: '',
  report_keyword: 'CDS',
  ...changes,
})

async function call(server: HttpNeighbour, method: string, path: string, options: RequestInit = {}) {
  const response = await fetch(`${server.url}${path}`, { method, ...options })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

async function submit(server: HttpNeighbour, changes: object = {}, key?: string): Promise<string> {
  const { status, body } = await call(server, 'POST', '/api/deploy_and_test', {
    body: JSON.stringify(submission(changes)),
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
  assert.equal(status, 202, body.error)
  return body.task_id
}

describe('a test server of version 2', () => {
  it('says what it can do', async () => {
    const { server } = await startObedient()
    const { status, body } = await call(server, 'GET', '/api/capabilities')
    assert.equal(status, 200)
    assert.deepEqual(body, { protocol: 2, features: FEATURES })
  })

  it('takes the four fields of version 2, and no further one', async () => {
    const { server } = await startObedient()
    const two = { run_id: 7, package_url: 'http://10.8.24.59/cds.tgz', package_sha256: 'a'.repeat(64) }
    await submit(server, { ...two, package_size: 2009 })
    const body = JSON.stringify(submission({ region: 'north' }))
    assert.equal((await call(server, 'POST', '/api/deploy_and_test', { body })).status, 422)
  })

  it('means the same task by the same key, another by another and by none', async () => {
    const { server } = await startObedient()
    const first = await submit(server, {}, '7-1')
    assert.equal(await submit(server, {}, '7-1'), first)
    const others = [await submit(server, {}, '8-1'), await submit(server), await submit(server)]
    assert.equal(new Set([first, ...others]).size, 4)
  })

  it('holds a look until the status changes', async () => {
    const { server, begun, finish } = await startObedient()
    const id = await submit(server)
    const tools = await begun
    const held = call(server, 'GET', `/api/tasks/${id}?wait=60`)
    await server.waitForRequest('wait=60')
    await tools.enter('running:deploy')
    assert.equal((await held).body.status, 'running:deploy')
    const last = call(server, 'GET', `/api/tasks/${id}?wait=60`)
    await server.waitForRequest('wait=60', 2)
    finish()
    assert.equal((await last).body.status, 'completed')
    assert.equal((await call(server, 'GET', `/api/tasks/${id}?wait=60`)).body.status, 'completed')
  })

  it('holds a look no longer than it is asked to', async () => {
    const { server, begun } = await startObedient()
    const id = await submit(server)
    await begun
    const start = performance.now()
    assert.equal((await call(server, 'GET', `/api/tasks/${id}?wait=0.1`)).body.status, 'pending')
    assert.ok(performance.now() - start >= 90)
    assert.equal((await call(server, 'GET', '/api/tasks/nobody?wait=60')).status, 404)
  })

  it('stops the work of a task that is cancelled, once and for all', async () => {
    const { server, begun, stopped } = await startObedient()
    const id = await submit(server)
    await begun
    const { status, body } = await call(server, 'POST', `/api/tasks/${id}/cancel`)
    await stopped
    assert.equal(status, 200)
    assert.equal(body.status, 'cancelled')
    assert.equal(body.error, null)
    assert.match(body.end_time, /^\d{4}-/)
    assert.deepEqual((await call(server, 'POST', `/api/tasks/${id}/cancel`)).body, body)
    assert.equal((await call(server, 'POST', '/api/tasks/nobody/cancel')).status, 404)
  })

  it('ends the processes that tested', async () => {
    const hung = Promise.withResolvers<Socket>()
    const listener = createServer(socket => hung.resolve(socket)).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    const tests = join(folder, 'hanging', 'tests')
    await mkdir(tests, { recursive: true })
    await writeFile(
      join(tests, 'hang.test.mjs'),
      `import net from 'node:net'; import test from 'node:test'
       test('hangs', () => new Promise(() => { net.connect(${port}, '127.0.0.1').resume() }))`,
    )
    const path = join(folder, 'hanging.tgz')
    await promisify(execFile)('tar', ['-czf', path, '-C', join(folder, 'hanging'), '.'])
    const server = await startTestServer({ ...places(), protocol: 2 })
    after(() => server.close())
    const id = await submit(server, { package_path: path })
    const closed = once(await hung.promise, 'close')
    assert.equal((await call(server, 'POST', `/api/tasks/${id}/cancel`)).body.status, 'cancelled')
    await closed
    listener.close()
  })

  it('leaves a task that has ended as it is', async () => {
    const { server, finish } = await startObedient()
    const id = await submit(server)
    finish()
    await call(server, 'GET', `/api/tasks/${id}?wait=60`)
    assert.equal((await call(server, 'POST', `/api/tasks/${id}/cancel`)).body.status, 'completed')
  })

  it('keeps a log that only grows, by bytes', async () => {
    const { server, begun, finish } = await startObedient()
    const id = await submit(server)
    const log = async (offset: number) =>
      (await call(server, 'GET', `/api/tasks/${id}/log?offset=${offset}`)).body
    const { write } = await begun
    assert.deepEqual(await log(0), { offset: 0, next_offset: 0, text: '', eof: false })
    write('部署 cds\n')
    assert.deepEqual(await log(0), { offset: 0, next_offset: 11, text: '部署 cds\n', eof: false })
    write('完\n')
    assert.deepEqual(await log(11), { offset: 11, next_offset: 15, text: '完\n', eof: false })
    assert.deepEqual(await log(4), { offset: 3, next_offset: 15, text: '署 cds\n完\n', eof: false })
    finish()
    await call(server, 'GET', `/api/tasks/${id}?wait=60`)
    const last = await log(15)
    assert.match(last.text, /^\d{4}-.* completed\n$/)
    assert.equal(last.eof, true)
  })

  it('cuts a long log between characters, and no line is lost or doubled', async () => {
    const { server, begun } = await startObedient()
    const id = await submit(server)
    const lines = Array.from({ length: 20_000 }, (_, i) => `第 ${i} 行\n`).join('')
    ;(await begun).write(lines)
    let text = ''
    for (let offset = 0, parts = 0; ; parts += 1) {
      const { body } = await call(server, 'GET', `/api/tasks/${id}/log?offset=${offset}`)
      assert.equal(body.offset, offset)
      text += body.text
      if (body.next_offset === offset) {
        assert.ok(parts > 3)
        break
      }
      offset = body.next_offset
    }
    assert.equal(text, lines)
  })

  it('refuses an offset beyond the end, one that is no number, and the log of a task it does not know', async () => {
    const { server } = await startObedient()
    const id = await submit(server)
    for (const offset of ['1', '-1', 'x', ''])
      assert.equal((await call(server, 'GET', `/api/tasks/${id}/log?offset=${offset}`)).status, 400, offset)
    assert.equal((await call(server, 'GET', '/api/tasks/nobody/log')).status, 404)
  })
})

describe('a package that is not on the machine of the test server', () => {
  const path = join(folder, 'cds-5.3.9_release.tgz')
  const elsewhere = { package_path: `/nowhere/${randomUUID()}.tgz`, test_path: 'deploy' }

  async function deploy(changes: object) {
    const server = await startTestServer({ ...places(), protocol: 2 })
    try {
      const id = await submit(server, { ...elsewhere, ...changes })
      for (;;) {
        const { body } = await call(server, 'GET', `/api/tasks/${id}?wait=60`)
        if (body.end_time) return body
      }
    } finally {
      await server.close()
    }
  }

  it('is fetched from where it was downloaded, and verified', async () => {
    await makePackage(path, { version: '5.3.9' })
    const package_url = `${packageServer.url}/cds-5.3.9_release.tgz`
    const bytes = await readFile(path)
    const package_sha256 = createHash('sha256').update(bytes).digest('hex')
    const right = { package_url, package_sha256, package_size: bytes.length }

    const task = await deploy(right)
    assert.equal(task.error, null)
    assert.equal(task.result.deploy.success, true)
    assert.match((await deploy({ ...right, package_size: 1 })).error, /gave \d+ bytes, not 1$/)
    assert.match((await deploy({ ...right, package_sha256: 'a'.repeat(64) })).error, /SHA-256/)
    assert.match((await deploy({ package_url: `${package_url}.gone` })).error, /answered 404/)
  })
})

describe('a test server of version 1', () => {
  it('knows nothing of version 2', async () => {
    const server = await startTestServer({ ...places(), minPhaseMs: 3_600_000 })
    after(() => server.close())
    const id = await submit(server, {}, '7-1')
    assert.notEqual(await submit(server, {}, '7-1'), id, 'a key means nothing')
    assert.equal((await call(server, 'GET', '/api/capabilities')).status, 404)
    assert.equal((await call(server, 'GET', `/api/tasks/${id}/log`)).status, 404)
    assert.equal((await call(server, 'POST', `/api/tasks/${id}/cancel`)).status, 404)
    assert.equal((await call(server, 'GET', `/api/tasks/${id}?wait=60`)).body.status, 'pending')
    for (const extra of [{ run_id: 7 }, { package_url: 'http://10.8.24.59/' }, { package_size: 1 }]) {
      const body = JSON.stringify(submission(extra))
      assert.equal((await call(server, 'POST', '/api/deploy_and_test', { body })).status, 422)
    }
  })
})
