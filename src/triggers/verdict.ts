import type { Database } from '../database/client.ts'
import type { RunOutcome, RunStatus } from '../generated/prisma/enums.ts'
import { isActive, isTerminal } from '../lib/run-status.ts'

export interface VerdictOf {
  buildId: number
  testItemId?: number
  runId?: number
}

export interface Verdict {
  state: 'none' | 'queued' | 'running' | 'finished'
  outcome: RunOutcome | null
  runId: number | null
  status: RunStatus | null
}

export interface ReadVerdict {
  verdict: Verdict
  /** Those that it was read from. */
  runIds: ReadonlySet<number>
}

interface JudgedRun {
  id: number
  status: RunStatus
  outcome: RunOutcome | null
}

export async function readVerdict(db: Database, of: VerdictOf): Promise<ReadVerdict> {
  const runs = await db.run.findMany({
    where: { buildId: of.buildId, testItemId: of.testItemId, id: of.runId },
    distinct: ['testItemId'],
    orderBy: { id: 'desc' },
    select: { id: true, status: true, outcome: true },
  })
  return { verdict: verdictOn(runs), runIds: new Set(runs.map(({ id }) => id)) }
}

const WORST_FIRST = ['failed', 'unknown', 'passed']

/** Of the last run of each test item: the build is through when all are, and as good as the worst. */
export function verdictOn(runs: readonly JudgedRun[]): Verdict {
  const unfinished = runs.filter(({ status }) => !isTerminal(status))
  const open = unfinished.find(({ status }) => isActive(status)) ?? unfinished[0]
  if (open) return verdictFrom(open, isActive(open.status) ? 'running' : 'queued')
  const [worst] = runs.toSorted((a, b) => rankOf(a) - rankOf(b))
  if (worst) return verdictFrom(worst, 'finished')
  return { state: 'none', outcome: null, runId: null, status: null }
}

const rankOf = ({ outcome }: JudgedRun) => WORST_FIRST.indexOf(outcome ?? 'unknown')

function verdictFrom({ id, status, outcome }: JudgedRun, state: Verdict['state']): Verdict {
  return { state, outcome: state === 'finished' ? outcome : null, runId: id, status }
}
