import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpNeighbour } from './http-neighbour.ts'
import { type MailSink, type MailSinkOptions, startMailSink } from './mail-sink.ts'
import { type PackageServer, startPackageServer } from './package-server.ts'
import { type ReportServer, startReportServer } from './report-server.ts'
import { startTestServer, type TestServerNeighbourOptions } from './test-server.ts'

export interface Neighbours {
  packageServer: PackageServer
  testServer: HttpNeighbour
  reportServer: ReportServer
  mailSink: MailSink
  /** Stops all of them and removes their folder, if it was not given. */
  close(): Promise<void>
}

export interface NeighboursOptions {
  /** Where packages, reports and mails lie; a temporary folder if missing. */
  folder?: string
  testServer?: Pick<TestServerNeighbourOptions, 'protocol' | 'strict' | 'minPhaseMs' | 'canned' | 'work'>
  mailSink?: Omit<MailSinkOptions, 'folder'>
}

/** Everything that CRAT talks to, speaking the real protocols on loopback. */
export async function startNeighbours(options: NeighboursOptions = {}): Promise<Neighbours> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'crat-neighbours-')))
  const below = (name: string) => join(folder, name)
  await Promise.all(['packages', 'reports', 'mails'].map(name => mkdir(below(name), { recursive: true })))
  const packageServer = await startPackageServer(below('packages'))
  const reportServer = await startReportServer(below('reports'))
  const testServer = await startTestServer({
    workDir: below('test-server'),
    reportDir: reportServer.root,
    reportBaseUrl: reportServer.url,
    ...options.testServer,
  })
  const mailSink = await startMailSink({ folder: below('mails'), ...options.mailSink })
  return {
    packageServer,
    testServer,
    reportServer,
    mailSink,
    async close() {
      await Promise.all([packageServer, testServer, reportServer, mailSink].map(server => server.close()))
      if (!options.folder) await rm(folder, { recursive: true, force: true })
    },
  }
}
