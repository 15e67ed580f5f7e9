import { outcomeOf, readReport } from '../../external/report/index.ts'
import { type Task, type TestAttempt, TestServerError } from '../../external/test-server/index.ts'
import type { RunModel as Run } from '../../generated/prisma/models.ts'
import type { TestResult } from '../../lib/test-result.ts'
import type { RunEvent } from '../../runs/run-event.ts'
import { sentParameters } from '../../runs/runs.ts'
import { failureFrom } from '../failure.ts'
import { serverHas } from '../features.ts'
import { followTask, taskOf } from '../follow-task.ts'
import type { Step, StepTools } from '../step.ts'

export const monitor: Step = {
  async perform(run, tools) {
    return followToEnd(run, tools)
  },
}

export async function followToEnd(run: Run, tools: StepTools): Promise<RunEvent> {
  const task = await followTask(run, tools)
  if (task.state === 'failed') return failed(run, task, 'task_failed')
  if (task.state === 'cancelled') return failed(run, task, 'task_cancelled')
  if (task.deployFailed) return failed(run, task, 'deploy_failed')
  return isDeployOnly(run, task) ? deployed(task) : tested(run, task, tools)
}

/** The server says so, or names no report and was asked to deploy only. */
function isDeployOnly(run: Run, task: Task): boolean {
  const { test_path } = sentParameters(run)
  return task.testSkipped || (test_path === 'deploy' && !task.reportUrl)
}

function deployed(task: Task): RunEvent {
  return { type: 'deployed', answer: task.answer, details: timesOf(task) }
}

async function tested(run: Run, task: Task, { signal }: StepTools): Promise<RunEvent> {
  const scriptsSha256 = usedScripts(run, task)
  if (!task.reportUrl) {
    const tried = [{ url: null, result: { key: 'report:none_named', params: {} } }]
    return {
      ...{ type: 'tested', reportUrl: null, summary: null, outcome: 'unknown', answer: task.answer },
      scriptsSha256,
      details: { ...timesOf(task), report: { format: null, tried } },
    }
  }
  const { summary, tests, format, url, tried, testsTried } = await readReport(task.reportUrl, { signal })
  return {
    ...{ type: 'tested', reportUrl: url, summary, outcome: outcomeOf(summary), answer: task.answer },
    tests: tests && markRetried(tests, task.attempts),
    scriptsSha256,
    details: { ...timesOf(task), report: { format, tried, tests: testsTried } },
  }
}

/** A server without the feature runs the tests in the package. */
function usedScripts(run: Run, { scriptsSha256 }: Task): string | null | undefined {
  if (run.scriptsSha256 === null) return undefined
  return serverHas('scripts', run) ? (scriptsSha256 ?? undefined) : null
}

/** What passed on a later attempt is flaky, whatever the report says. */
function markRetried(tests: TestResult[], attempts: TestAttempt[]): TestResult[] {
  const last = new Map<string, number>()
  for (const { test, attempt } of attempts) last.set(test, Math.max(attempt, last.get(test) ?? 1))
  return tests.map(test => {
    const retries = (last.get(test.id) ?? last.get(test.name) ?? 1) - 1
    if (retries < 1) return test
    return {
      ...test,
      retries: Math.max(test.retries, retries),
      flaky: test.flaky || test.status === 'passed',
    }
  })
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
