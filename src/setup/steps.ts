import type { Queryable } from '../database/client.ts'
import type { Check } from '../environments/check-environments.ts'
import type {
  BuildModel as Build,
  RunModel as Run,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { findJobVersion, type SelectedJob } from '../job-versions/job-versions.ts'
import { listJobNames } from '../job-versions/jobs.ts'
import type { Person } from '../lib/person.ts'
import type { Settings } from '../settings/definitions.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'
import { checkFirstTestServer, checkPackageServer, type PackageCheck, type Servers } from './check-servers.ts'

export const STEPS = ['packages', 'test_server', 'mail', 'build', 'item', 'run'] as const
export type Step = (typeof STEPS)[number]

/** `next` is the first of those that are to do; without mail CRAT works, too: `optional`. */
type StepState = 'done' | 'failed' | 'next' | 'later' | 'optional'

export interface SetupSteps {
  states: Record<Step, StepState>
  packages: PackageCheck | null
  testServer: (Check & { name: string }) | null
  build: Build | null
  jobNames: string[]
  item: TestItem | null
  job: SelectedJob | null
  mayTrigger: boolean
  run: Run | null
}

interface Viewer {
  person: Person
  mailServer: boolean
}

/** From what is there, and from what the servers answer now. */
export async function readSteps(
  servers: Servers,
  settings: Settings,
  { person, mailServer }: Viewer,
): Promise<SetupSteps> {
  const { db } = servers
  const [packages, testServer, mail, build, jobNames, item, run] = await Promise.all([
    checkPackageServer(servers, settings),
    checkFirstTestServer(servers),
    mailServer ? lastMailState(db) : null,
    db.build.findFirst({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    listJobNames(db),
    db.testItem.findFirst({ where: { jobName: { not: null } }, orderBy: { id: 'asc' } }),
    db.run.findFirst({ orderBy: { id: 'desc' } }),
  ])
  const job = item?.jobName ? await findJobVersion(db, item.jobName) : null
  const states = statesOf({
    packages: packages && (packages.error ? 'failed' : 'done'),
    test_server: testServer && (testServer.reachable ? 'done' : 'failed'),
    mail: mail ?? (mailServer ? null : 'optional'),
    build: build && 'done',
    item: item && 'done',
    run: run && 'done',
  })
  const may = item !== null && mayTrigger(item, person)
  return { states, packages, testServer, build, jobNames, item, job, mayTrigger: may, run }
}

function statesOf(known: Record<Step, StepState | null>): Record<Step, StepState> {
  const next = STEPS.find(step => known[step] === null)
  const entries = STEPS.map(step => [step, known[step] ?? (step === next ? 'next' : 'later')])
  return Object.fromEntries(entries)
}

/** Of the last mail that was sent or given up, whatever it said. */
async function lastMailState(db: Queryable): Promise<StepState | null> {
  const mail = await db.notification.findFirst({
    where: { status: { in: ['sent', 'failed'] } },
    orderBy: { id: 'desc' },
    select: { status: true },
  })
  return mail && (mail.status === 'sent' ? 'done' : 'failed')
}
