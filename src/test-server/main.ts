import { once } from 'node:events'
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { deployAndTest } from './deploy-and-test.ts'
import { createTestServer } from './server.ts'

const USAGE = `The reference deploy_and_test server.

  node src/test-server/main.ts --report-dir DIR --report-base-url URL
      [--host 127.0.0.1] [--port 59997] [--work-dir DIR] [--protocol 1] [--tolerant] [--min-phase-ms 0]

Reports are published as folders below --report-dir, which a web server of yours serves at --report-base-url
(a submission's own base_url goes before it). --protocol 2 adds capabilities, idempotency keys, long polls, cancel and
logs. --tolerant ignores unknown fields instead of refusing them.`

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '59997' },
    'report-dir': { type: 'string' },
    'report-base-url': { type: 'string' },
    'work-dir': { type: 'string', default: 'data/test-server' },
    protocol: { type: 'string', default: '1' },
    tolerant: { type: 'boolean', default: false },
    'min-phase-ms': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || !values['report-dir'] || !values['report-base-url'] || !/^[12]$/.test(values.protocol)) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}

const testServer = createTestServer({
  work: deployAndTest({
    workDir: resolve(values['work-dir']),
    reportDir: resolve(values['report-dir']),
    reportBaseUrl: values['report-base-url'],
  }),
  protocol: values.protocol === '2' ? 2 : 1,
  strict: !values.tolerant,
  minPhaseMs: Number(values['min-phase-ms']),
})
const server = createServer(async (req, res) => {
  const { method = 'GET', url = '/', headers } = req
  const { status, body } = await testServer.answer({ method, url, headers, body: await text(req) })
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})
await once(server.listen(Number(values.port), values.host), 'listening')
const address = server.address()
const port = typeof address === 'object' ? address?.port : address
console.log(`deploy_and_test server at http://${values.host}:${port}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    server.close()
    server.closeAllConnections()
    await testServer.close()
  })
}
