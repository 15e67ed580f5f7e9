import { outcomeOf, readReport } from '../../external/report/index.ts'
import { type Task, TestServerError } from '../../external/test-server/index.ts'
import type { RunModel as Run } from '../../generated/prisma/models.ts'
import type { RunEvent } from '../../runs/run-event.ts'
import { sentParameters } from '../../runs/runs.ts'
import { failureFrom } from '../failure.ts'
import { followTask, taskOf } from '../follow-task.ts'
import type { Step, StepTools } from '../step.ts'
import { markRetried, retriedIn } from './retried-tests.ts'

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
  return isDeployOnly(run, task) ? deployed(task) : tested(task, tools)
}

/** The server says so, or names no report and was asked to deploy only. */
function isDeployOnly(run: Run, task: Task): boolean {
  const { test_path } = sentParameters(run)
  return task.testSkipped || (test_path === 'deploy' && !task.reportUrl)
}

function deployed(task: Task): RunEvent {
  return { type: 'deployed', answer: task.answer, details: timesOf(task) }
}

async function tested(task: Task, { signal }: StepTools): Promise<RunEvent> {
  if (!task.reportUrl) {
    const tried = [{ url: null, result: { key: 'report:none_named', params: {} } }]
    return {
      ...{ type: 'tested', reportUrl: null, summary: null, outcome: 'unknown', answer: task.answer },
      details: { ...timesOf(task), ...retriedIn(task.attempts, null), report: { format: null, tried } },
    }
  }
  const { summary, tests, format, url, tried, testsTried } = await readReport(task.reportUrl, { signal })
  return {
    ...{ type: 'tested', reportUrl: url, summary, outcome: outcomeOf(summary), answer: task.answer },
    tests: tests && markRetried(tests, task.attempts),
    details: {
      ...{ ...timesOf(task), ...retriedIn(task.attempts, tests) },
      report: { format, tried, tests: testsTried },
    },
  }
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
