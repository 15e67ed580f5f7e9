import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { MailSink, ReceivedMail } from '../../test/neighbours/mail-sink.ts'
import { bundleCrat, freePort, startCrat, tail } from './crat.ts'
import { type CratClient, logIn, type ShownRun } from './crat-client.ts'
import { createStepTeller, tellOutcome, tellWhereToLook } from './demo-story.ts'
import { announceBuild, furnish, ITEM, JOB, mailEnvironment, startDemoNeighbours } from './demo-world.ts'
import { cleanUpAll } from './processes.ts'
import { stopped, stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { done, failed, heading } from './terminal.ts'

const USAGE = `CRAT's main job, for real: a build comes in, is deployed and tested, and the report is in the inbox.

  ./scripts/demo [--once] [--port N]

  --once    stop after the run; exit status 0 only if it COMPLETED and its mail arrived
  --port N  CRAT's port; a free one if missing`

const PERSON = 'li.wei@example.com'
const BUILD_NUMBER = 101
const ENDED = ['COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED']

const options = readOptions()
const stop = stopSignal()
const adminPassword = randomBytes(9).toString('base64url')
const folder = await temporaryFolder('crat-demo-')
/** What was started, to be stopped in reverse. */
const cleanUps: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]

try {
  const { neighbours, build, crat } = await startEverything()
  const itemId = await furnish(await logIn(crat.url, { email: 'admin', password: adminPassword }), neighbours)
  done(`test item "${ITEM}" of job ${JOB}, set up by the admin`)

  heading('A build')
  const way = await announceBuild(crat.url, build.packagePath, BUILD_NUMBER)
  const how = way === 'curl' ? 'with curl' : 'by Node itself: curl is not installed here'
  done(`${JOB} #${BUILD_NUMBER} announced ${how}`)

  heading('A run')
  const person = await logIn(crat.url, { email: PERSON })
  done(`${PERSON} logged in`)
  const follow = await trigger(person, itemId)
  const run = await follow(({ status }) => ENDED.includes(status))
  if (run.status !== 'COMPLETED') throw new Error(`The run ended ${run.status}: ${run.error_message}`)
  const mail = await mailAbout(neighbours.mailSink)
  await follow(({ steps }) => steps.every(({ status }) => status !== 'RUNNING'))
  tellOutcome({ run, mail, cratUrl: crat.url })

  if (options.once) console.log('\nDone; all of it is removed now. Without --once it stays until Ctrl-C.')
  else {
    tellWhereToLook({
      cratUrl: crat.url,
      packageUrl: `${neighbours.packageServer.url}/${build.packagePath}/`,
      reportUrl: run.report_url,
      mailFolder: neighbours.mailSink.folder,
      logFile: crat.logFile,
      adminPassword,
    })
    await stopped(stop)
  }
} catch (error) {
  process.exitCode = 1
  await tellFailure(error as Error)
} finally {
  await cleanUpAll(cleanUps)
}

function readOptions(): { once: boolean; port: number } {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        help: { type: 'boolean', default: false },
      },
    })
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`--port ${values.port} is no port`)
    if (!values.help) return { once: values.once, port }
  } catch (error) {
    failed((error as Error).message)
    process.exitCode = 2
  }
  console.log(USAGE)
  process.exit()
}

async function startEverything() {
  heading('Starting')
  const { neighbours, build } = await startDemoNeighbours(join(folder, 'neighbours'))
  cleanUps.push(neighbours.close)
  done('package server, test server, report server and mail sink on loopback')
  const dataDir = join(folder, 'data')
  await mkdir(dataDir)
  const crat = startCrat({
    dataDir,
    port: await freePort(options.port),
    command: bundleCrat(),
    env: { ...mailEnvironment(neighbours), ADMIN_PASSWD: adminPassword },
  })
  cleanUps.push(crat.stop)
  await crat.ready(stop)
  done(`CRAT on an embedded PostgreSQL: ${crat.url}`)
  return { neighbours, build, crat }
}

/** Triggers a run. What it answers polls that run and prints what changes, until it is as far as asked. */
async function trigger(person: CratClient, itemId: number) {
  const { data } = await person.post<{ data: { run_id: number } }>(`/test-items/${itemId}/deploy-test`, {})
  done(`run ${data.run_id} triggered`)
  const tellSteps = createStepTeller()
  return async (farEnough: (run: ShownRun) => boolean): Promise<ShownRun> => {
    const deadline = Date.now() + 2 * 60_000
    while (Date.now() < deadline) {
      stop.throwIfAborted()
      const { data: run } = await person.get<{ data: ShownRun }>(`/deploy-test-runs/${data.run_id}`)
      tellSteps(run)
      if (farEnough(run)) return run
      await sleep(150)
    }
    throw new Error(`Run ${data.run_id} came no further for 2 minutes`)
  }
}

async function mailAbout(sink: MailSink): Promise<ReceivedMail> {
  const arrival = sink.waitForMail(({ recipients }) => recipients.includes(PERSON))
  const inTime = AbortSignal.any([stop, AbortSignal.timeout(30_000)])
  await Promise.race([arrival, stopped(inTime)])
  stop.throwIfAborted()
  if (inTime.aborted) throw new Error(`No mail to ${PERSON} arrived within 30 s of the run's end`)
  return await arrival
}

async function tellFailure(error: Error): Promise<void> {
  failed(stop.aborted ? 'Stopped before the run had ended' : error.message)
  if (stop.aborted) return
  const log = await tail(join(folder, 'data/crat.log'))
  if (log) console.log(`\nThe end of CRAT's log:\n${log}`)
}
