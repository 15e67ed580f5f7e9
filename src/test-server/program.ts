import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Log } from '../lib/log.ts'
import type { Context } from './context.ts'
import { openJournal } from './deploy/journal.ts'
import { deployAndTest } from './deploy-and-test.ts'
import { readTextIfAny, writeAtomically } from './files/atomic-file.ts'
import { createApp, listen } from './http.ts'
import type { ProgramOptions } from './options.ts'
import { createMeetings } from './peers/meetings.ts'
import { recoverTask } from './recover.ts'
import { openTestServer } from './server.ts'
import { openServices } from './services/services.ts'

export interface Program {
  url: string
  close(): Promise<void>
}

/** Starts the test server: what it left when it was killed is put in order while it answers already. */
export async function startProgram(options: ProgramOptions, log: Log): Promise<Program> {
  const { dataDir, reportDir, host, token } = options
  await mkdir(reportDir, { recursive: true })
  const services = await openServices(options.config, change => {
    if ('problem' in change)
      log.error({ problem: change.problem }, 'the configuration is wrong: nothing changes')
    else log.info(change, 'the configuration was read again')
  })
  const meetings = createMeetings()
  const context: Context = {
    ...{ dataDir, reportDir, services, meetings, token, keepReports: options.keepReports },
    reportBaseUrl: options.publicUrl ?? `http://${host}:${options.port}`,
    journal: await openJournal(join(dataDir, 'deploys')),
    instance: await readInstance(join(dataDir, 'instance')),
  }
  const testServer = await openTestServer({
    ...options,
    ...{
      log,
      meetings,
      work: deployAndTest(context),
      recover: recoverTask(context),
      problem: services.problem,
    },
    laneOf: ({ submission: { service_name } }) => services.find(service_name)?.name ?? service_name,
  })
  const server = createServer(createApp(testServer, reportDir, log))
  const port = await listen(server, options.port, host)
  if (options.publicUrl === null) context.reportBaseUrl = `http://${host}:${port}`
  return {
    url: `http://${host}:${port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await testServer.close()
      services.close()
    },
  }
}

/** Made once, so that processes of before a restart are recognised. */
async function readInstance(file: string): Promise<string> {
  const known = await readTextIfAny(file)
  if (known) return known
  const instance = randomBytes(8).toString('hex')
  await writeAtomically(file, instance)
  return instance
}
