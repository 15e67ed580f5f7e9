import type { ReceivedMail } from '../../test/neighbours/mail-sink.ts'
import type { ShownRun, ShownStep, Summary } from './crat-client.ts'
import { done, fact, failed, heading, paint, under } from './terminal.ts'

/** Prints what is new about a run's steps, once each. */
export function createStepTeller(): (run: ShownRun) => void {
  const shown = new Set<string>()
  const once = (what: string, tell: () => void) => {
    if (!shown.has(what)) tell()
    shown.add(what)
  }
  return run => {
    for (const step of run.steps) {
      const { name, status, progress } = step
      if (status !== 'RUNNING') once(`${name} ended`, () => tellEnd(step))
      else if (progress?.status)
        once(`${name} ${progress.status}`, () => under(`${name}: ${progress.status}`))
      else once(`${name} begun`, () => under(name))
      const [word, value] = gainOf(step, run)
      if (value && status === 'COMPLETED') once(`${name} gain`, () => fact(word, value))
    }
  }
}

function tellEnd(step: ShownStep): void {
  const seconds = (Date.parse(step.end_time ?? step.start_time) - Date.parse(step.start_time)) / 1000
  const line = `${step.name} ${step.status.toLowerCase()}, ${seconds.toFixed(1)} s`
  if (step.status === 'FAILED') failed(`${line}: ${step.error}`)
  else done(line)
}

/** What a step brought. */
function gainOf({ name }: ShownStep, run: ShownRun): [string, string | null] {
  if (name === 'download') return ['from', run.download_url]
  if (name === 'test') return ['task', run.task_id]
  if (name === 'monitor') return ['report', run.report_url]
  return [name, null]
}

export interface Finished {
  run: ShownRun
  mail: ReceivedMail
  cratUrl: string
  /** That the deployed service says. */
  version: string
}

export function tellOutcome({ run, mail, cratUrl, version }: Finished): void {
  heading('Outcome')
  const outcome = run.outcome ?? 'none'
  done(`run ${run.id} ${run.status}: ${paint(outcome === 'passed' ? 'green' : 'red', outcome)}`)
  fact('service', `version ${version} is deployed and runs`)
  fact('figures', run.summary ? figures(run.summary) : 'the report gave none')
  fact('report', run.report_url ?? 'none')
  fact('run', `${cratUrl}/runs/${run.id}`)
  fact('mail to', mail.recipients.join(', '))
  fact('subject', mail.subject ?? '')
  for (const line of changesIn(mail)) fact('changes', line)
  fact('file', mail.path)
}

/** What the mail says of tests that newly fail. */
function changesIn({ text = '' }: ReceivedMail): string[] {
  return text.split('\n').filter(line => line.includes('did not before'))
}

function figures({ total, passed, failed, broken, skipped, pass_rate, duration_ms }: Summary): string {
  const parts = [
    `${total} tests`,
    `${passed} passed`,
    `${failed} failed`,
    `${broken} broken`,
    `${skipped} skipped`,
  ]
  if (pass_rate !== null) parts.push(`pass rate ${pass_rate} %`)
  if (duration_ms !== null) parts.push(`${duration_ms} ms`)
  return parts.join(' · ')
}

export interface Places {
  cratUrl: string
  packageUrl: string
  testServerUrl: string
  serviceUrl: string
  mailFolder: string
  logFile: string
  adminPassword: string
}

export function tellWhereToLook(places: Places): void {
  heading('Look around')
  fact('CRAT', `${places.cratUrl}  (any e-mail address logs in)`)
  fact('admin', `log in as "admin" with the password ${places.adminPassword}`)
  fact('packages', places.packageUrl)
  fact('service', `${places.serviceUrl}/news`)
  fact('tests', `${places.testServerUrl}/health`)
  fact('mails', places.mailFolder)
  fact('log', places.logFile)
  console.log(`\nRunning until Ctrl-C …`)
}
