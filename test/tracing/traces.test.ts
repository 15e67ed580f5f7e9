import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { startServer } from '../config/server-process.ts'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { startNeighbours } from '../neighbours/index.ts'
import { POLL, SUBMIT } from '../neighbours/test-server.ts'
import { emptyDatabase } from '../postgres/empty-database.ts'
import { ApiClient, CORE, coreBuild, mailEnvironment } from '../world/index.ts'
import { startOtlpReceiver } from '../world/otlp-receiver.ts'

const ADMIN_PASSWD = 'a long enough password'
const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }

it('a run is one trace over two processes, from the webhook to the mail, and its log lines carry the id', async () => {
  const receiver = await startOtlpReceiver()
  after(() => receiver.close())
  const neighbours = await startNeighbours({ testServer: { canned: true } })
  after(() => neighbours.close())
  const env = {
    ...{ DATABASE_URL: await emptyDatabase(), JWT_SECRET: 'b1c8d4a6f09e72537e1d0a94c6b85f32', ADMIN_PASSWD },
    ...{ PUBLIC_URL: 'http://crat.example', ...mailEnvironment(neighbours) },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    OTEL_BSP_SCHEDULE_DELAY: '100',
  }
  const web = await startServer({ ...env, ROLE: 'web' })
  const worker = await startServer({ ...env, ROLE: 'worker', OTEL_SERVICE_NAME: 'crat-worker' })
  const anyone = new ApiClient(await web.ready())
  await worker.ready()

  const admin = await anyone.logIn('admin', ADMIN_PASSWD)
  await admin.put('/settings', {
    package_download_base_url: neighbours.packageServer.url,
    external_test_server_url: neighbours.testServer.url,
    query_interval: 0.1,
  })
  await admin.post('/test-items', { name: 'cds', associated_job_name: CORE })
  const { packagePath } = await makeDemoBuild(neighbours.packageServer.root)
  const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`
  const announced = coreBuild(101, { PACKAGE_PATH: packagePath })
  await anyone.call('POST', '/builds', announced, { traceparent })
  const liWei = await anyone.logIn('li.wei@example.com')
  await liWei.post('/test-items/1/deploy-test', {})

  await receiver.waitForSpan(({ name }) => name === 'deliver mail')
  await receiver.waitForSpan(({ name }) => name === 'run')
  const root = await receiver.waitForSpan(({ name }) => name === 'announce build')
  const { traceId } = root
  const spans = receiver.spans()
  assert.deepEqual([...new Set(spans.map(span => span.traceId))], [traceId])
  assert.ok(!root.parentSpanId)
  assert.deepEqual(
    root.links.map(link => [link.traceId, link.spanId]),
    [[CALLER.traceId, CALLER.spanId]],
  )

  const below = (parent: string) =>
    spans.filter(span => span.parentSpanId === parent).map(span => `${span.service}: ${span.name}`)
  assert.deepEqual(below(root.spanId).sort(), [
    'crat-worker: deliver mail',
    'crat-worker: run',
    'crat: trigger run',
  ])
  const run = spans.find(({ name }) => name === 'run')
  assert.deepEqual(
    below(run?.spanId ?? ''),
    ['DOWNLOADING', 'DOWNLOADED', 'TESTING', 'MONITORING'].map(state => `crat-worker: step ${state}`),
  )
  assert.equal(run?.attributes['crat.status'], 'COMPLETED')
  for (const request of [SUBMIT, POLL])
    assert.match(
      String(neighbours.testServer.requestsTo(request)[0]?.headers.traceparent),
      new RegExp(`^00-${traceId}-`),
    )
  assert.ok(
    spans.some(
      ({ attributes }) => attributes['url.full'] === `${neighbours.testServer.url}/api/deploy_and_test`,
    ),
  )

  for (const { process } of [web, worker]) process.kill('SIGTERM')
  const lines = [await web.ended(), await worker.ended()].flatMap(({ status, stdout }) => {
    assert.equal(status, 0)
    return stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
  })
  const traced = lines.filter(({ trace_id }) => trace_id)
  assert.deepEqual([...new Set(traced.map(({ trace_id }) => trace_id))], [traceId])
  for (const msg of ['build announced', 'run started', 'run advanced', 'mail sent'])
    assert.ok(
      traced.some(line => line.msg === msg),
      msg,
    )
})
