import { outcomeOf, readReport } from '../../external/report/index.ts'
import { type Task, TestServerError } from '../../external/test-server/index.ts'
import type { RunModel as Run } from '../../generated/prisma/models.ts'
import type { Outcome } from '../../lib/report-summary.ts'
import { withoutUserInfo } from '../../lib/secrets.ts'
import type { RunEvent } from '../../runs/run-event.ts'
import { sentParameters } from '../../runs/runs.ts'
import { failureFrom } from '../failure.ts'
import { serverHas } from '../features.ts'
import { followLoad } from '../follow-load.ts'
import { followTask, taskOf } from '../follow-task.ts'
import type { Step, StepTools } from '../step.ts'
import { markRetried, retriedIn } from './retried-tests.ts'

export const monitor: Step = {
  async perform(run, tools) {
    return followToEnd(run, tools)
  },
}

export async function followToEnd(run: Run, tools: StepTools): Promise<RunEvent> {
  const load = followLoad(run, tools)
  const task = await followTask(run, tools).finally(load.end)
  if (task.state === 'failed') return failed(run, task, 'task_failed')
  if (task.state === 'cancelled') return failed(run, task, 'task_cancelled')
  if (task.deployFailed) return failed(run, task, 'deploy_failed')
  const { test_path } = tools.sealer.open(sentParameters(run))
  return isDeployOnly(test_path, task) ? deployed(task) : tested(run, task, tools)
}

/** The server says so, or names no report and was asked to deploy only. */
function isDeployOnly(test_path: unknown, task: Task): boolean {
  return task.testSkipped || (test_path === 'deploy' && !task.reportUrl)
}

function deployed(task: Task): RunEvent {
  return { type: 'deployed', answer: task.answer, details: timesOf(task) }
}

async function tested(run: Run, task: Task, { signal, egress }: StepTools): Promise<RunEvent> {
  const found = { scriptsSha256: usedScripts(run, task), load: task.load }
  if (!task.reportUrl) {
    const tried = [{ url: null, result: { key: 'report:none_named', params: {} } }]
    return {
      ...{ type: 'tested', reportUrl: null, summary: null, answer: task.answer },
      outcome: outcomeWithoutReport(task),
      ...found,
      details: { ...timesOf(task), ...retriedIn(task.attempts, null), report: { format: null, tried } },
    }
  }
  const report = await readReport(task.reportUrl, { signal, egress })
  const { summary, tests, format, url, tried, testsTried } = report
  return {
    ...{
      type: 'tested',
      reportUrl: withoutUserInfo(url),
      summary,
      outcome: task.load?.breaches.length ? 'failed' : outcomeOf(summary),
      answer: task.answer,
    },
    tests: tests && markRetried(tests, task.attempts),
    ...found,
    details: {
      ...{ ...timesOf(task), ...retriedIn(task.attempts, tests) },
      report: { format, tried, tests: testsTried },
    },
  }
}

/** The figures of a load test say what came of it. */
function outcomeWithoutReport({ load }: Task): Outcome {
  if (!load) return 'unknown'
  return load.breaches.length ? 'failed' : 'passed'
}

/** A server without the feature runs the tests in the package. */
function usedScripts(run: Run, { scriptsSha256 }: Task): string | null | undefined {
  if (run.scriptsSha256 === null) return undefined
  return serverHas('scripts', run) ? (scriptsSha256 ?? undefined) : null
}

function timesOf(task: Task) {
  return { status: task.status, start_time: task.startTime, end_time: task.endTime }
}

function failed(run: Run, task: Task, code: 'task_failed' | 'task_cancelled' | 'deploy_failed'): RunEvent {
  const silently = task.error === null && code !== 'task_cancelled' ? '_silently' : ''
  const params = { ...taskOf(run), reason: task.error ?? '' }
  const error = new TestServerError(`test-server:${code}${silently}`, params, { permanent: true })
  return { type: 'failed', error: failureFrom(error), answer: task.answer, details: timesOf(task) }
}
