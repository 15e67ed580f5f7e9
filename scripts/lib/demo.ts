import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { MailSink, ReceivedMail } from '../../test/neighbours/mail-sink.ts'
import { bundleCrat, freePort, startCrat, tail } from './crat.ts'
import { type CratClient, logIn, type ShownRun } from './crat-client.ts'
import { type DemoNeighbours, startDemoNeighbours } from './demo-neighbours.ts'
import { createStepTeller, tellOutcome, tellWhereToLook } from './demo-story.ts'
import { announceBuild, furnish, ITEM, JOB, mailEnvironment, makeDemoBuilds } from './demo-world.ts'
import { cleanUpAll } from './processes.ts'
import { stopped, stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { done, failed, heading } from './terminal.ts'

const USAGE = `CRAT's main job, for real: a build comes in, is deployed and tested, and the report is in the inbox.

  ./scripts/demo [--once] [--port N]

  --once    stop after the two runs; exit status 0 only if both COMPLETED and their mails arrived
  --port N  CRAT's port; a free one if missing`

const PERSON = 'li.wei@example.com'
const FIRST_BUILD = 101
/** Of the package's tests, the one that the second build breaks. */
const BROKEN_TEST = 'Answers may be cached'
const ENDED = ['COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED']

const options = readOptions()
const stop = stopSignal()
const adminPassword = randomBytes(9).toString('base64url')
const folder = await temporaryFolder('crat-demo-')
/** What was started, to be stopped in reverse. */
const cleanUps: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]

try {
  const { neighbours, builds, crat } = await startEverything()
  const itemId = await furnish(await logIn(crat.url, { email: 'admin', password: adminPassword }), neighbours)
  done(`test item "${ITEM}" of job ${JOB}, set up by the admin`)
  const person = await logIn(crat.url, { email: PERSON })
  done(`${PERSON} logged in`)
  for (const [nth, { packagePath }] of builds.entries()) {
    heading(nth === 0 ? 'A build' : 'The next build, which breaks what a test looks at')
    const number = FIRST_BUILD + nth
    const way = await announceBuild(crat.url, packagePath, number)
    const how = way === 'curl' ? 'with curl' : 'by Node itself: curl is not installed here'
    done(`${JOB} #${number} announced ${how}`)
    const { mail, run } = await testNewest({ person, itemId, mailSink: neighbours.mailSink })
    tellOutcome({ run, mail, cratUrl: crat.url, version: await runningVersion(neighbours) })
    requireTruth(nth, run, mail)
  }

  if (options.once) console.log('\nDone; all of it is removed now. Without --once it stays until Ctrl-C.')
  else {
    tellWhereToLook({
      cratUrl: crat.url,
      packageUrl: neighbours.packageServer.url,
      testServerUrl: neighbours.testServerUrl,
      serviceUrl: neighbours.serviceUrl,
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
  const neighbours = await startDemoNeighbours(join(folder, 'neighbours'))
  cleanUps.push(neighbours.close)
  const builds = await makeDemoBuilds(neighbours)
  done('package server, test server and mail sink on loopback')
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
  return { neighbours, builds, crat }
}

interface Wanted {
  person: CratClient
  itemId: number
  mailSink: MailSink
}

/** Triggers a run of the newest build and waits for its end and its mail. */
async function testNewest({
  person,
  itemId,
  mailSink,
}: Wanted): Promise<{ run: ShownRun; mail: ReceivedMail }> {
  const { data: build } = await person.get<{ data: { id: number } }>(
    `/builds/job/${encodeURIComponent(JOB)}/latest`,
  )
  const follow = await trigger(person, itemId, build.id)
  const run = await follow(({ status }) => ENDED.includes(status))
  if (run.status !== 'COMPLETED') throw new Error(`The run ended ${run.status}: ${run.error_message}`)
  const mail = await mailAbout(mailSink, run)
  return { mail, run: await follow(({ steps }) => steps.every(({ status }) => status !== 'RUNNING')) }
}

/** What it answers polls that run and prints what changes, until it is as far as asked. */
async function trigger(person: CratClient, itemId: number, buildId: number) {
  const { data } = await person.post<{ data: { run_id: number } }>(`/test-items/${itemId}/deploy-test`, {
    build_info_id: buildId,
  })
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

async function mailAbout(sink: MailSink, { id }: ShownRun): Promise<ReceivedMail> {
  const arrival = sink.waitForMail(
    ({ recipients, html }) => recipients.includes(PERSON) && (html?.includes(`/runs/${id}"`) ?? false),
  )
  const inTime = AbortSignal.any([stop, AbortSignal.timeout(30_000)])
  await Promise.race([arrival, stopped(inTime)])
  stop.throwIfAborted()
  if (inTime.aborted) throw new Error(`No mail to ${PERSON} arrived within 30 s of the run's end`)
  return await arrival
}

/** What the deployed service says of itself. */
async function runningVersion({ serviceUrl }: DemoNeighbours): Promise<string> {
  const response = await fetch(`${serviceUrl}/version`)
  return ((await response.json()) as { version: string }).version
}

/** The first build passes; of the second one the mail says what newly fails. */
function requireTruth(nth: number, { outcome }: ShownRun, mail: ReceivedMail): void {
  const expected = nth === 0 ? 'passed' : 'failed'
  if (outcome !== expected) throw new Error(`The run should have ${expected}, but its outcome is ${outcome}`)
  if (nth > 0 && !mail.text?.includes(BROKEN_TEST)) throw new Error(`The mail does not name "${BROKEN_TEST}"`)
}

async function tellFailure(error: Error): Promise<void> {
  failed(stop.aborted ? 'Stopped before the run had ended' : error.message)
  if (stop.aborted) return
  const log = await tail(join(folder, 'data/crat.log'))
  if (log) console.log(`\nThe end of CRAT's log:\n${log}`)
}
