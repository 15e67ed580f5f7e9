import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { killProcesses } from '../../src/test-server/processes/cookie.ts'
import { type MailSink, startMailSink } from '../../test/neighbours/mail-sink.ts'
import { type PackageServer, startPackageServer } from '../../test/neighbours/package-server.ts'
import { freePort, untilAnswers } from './crat.ts'
import { startProcess } from './processes.ts'

const TEST_SERVER = fileURLToPath(new URL('../../src/test-server/main.ts', import.meta.url))

/** What CRAT talks to in the demo: a test server that deploys a real service, starts it and tests it. */
export interface DemoNeighbours {
  packageServer: PackageServer
  mailSink: MailSink
  testServerUrl: string
  /** Where the service answers, once it is deployed. */
  serviceUrl: string
  installDir: string
  close(): Promise<void>
}

export async function startDemoNeighbours(folder: string): Promise<DemoNeighbours> {
  await Promise.all(
    ['packages', 'mails', 'test-server'].map(name => mkdir(join(folder, name), { recursive: true })),
  )
  const testServer = await startTestServer(join(folder, 'test-server'))
  const packageServer = await startPackageServer(join(folder, 'packages'))
  const mailSink = await startMailSink({ folder: join(folder, 'mails') })
  return {
    ...{ packageServer, mailSink, ...testServer },
    async close() {
      await Promise.all([packageServer.close(), mailSink.close(), testServer.close()])
    },
  }
}

async function startTestServer(folder: string) {
  const [port, servicePort] = [await freePort(0), await freePort(0)]
  const testServerUrl = `http://127.0.0.1:${port}`
  const serviceUrl = `http://127.0.0.1:${servicePort}`
  const installDir = join(folder, 'install/cds')
  const config = join(folder, 'services.yaml')
  await mkdir(join(folder, 'install'), { recursive: true })
  await writeFile(config, stringify({ services: [contentDelivery(installDir, serviceUrl)] }))
  const args = [TEST_SERVER, '--config', config, '--data-dir', join(folder, 'data'), '--port', `${port}`]
  const running = startProcess(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    logFile: join(folder, 'test-server.log'),
  })
  await untilAnswers(`${testServerUrl}/health`, running, 'The test server')
  return {
    ...{ testServerUrl, serviceUrl, installDir },
    async close() {
      await running.stop()
      // It leaves the service running, as it should.
      await killProcesses(await readFile(join(folder, 'data/instance'), 'utf8'))
    },
  }
}

/** The service in the demo's packages, as an admin of a test server describes one. */
function contentDelivery(installDir: string, url: string) {
  return {
    ...{ name: 'cds', aliases: ['content delivery'], kind: 'directory', install_dir: installDir },
    environment: { NODE: process.execPath, PORT: new URL(url).port },
    health: { url: `${url}/health`, timeout: '30s' },
    address: url,
    tests: {
      command: '"$NODE" --test --test-reporter="$ALLURE_NODE_REPORTER" "tests/*.test.mjs"',
      time_limit: '5m',
    },
  }
}
