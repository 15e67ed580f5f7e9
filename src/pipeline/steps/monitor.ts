import { setTimeout as pause } from 'node:timers/promises'
import { HttpError } from '../../external/http-client.ts'
import { outcomeOf, readReport } from '../../external/report/index.ts'
import { getTask, type Task, TestServerError } from '../../external/test-server/index.ts'
import type { RunModel as Run } from '../../generated/prisma/models.ts'
import type { RunEvent } from '../../runs/run-event.ts'
import { sentParameters } from '../../runs/runs.ts'
import { failureFrom } from '../failure.ts'
import { serverHas } from '../features.ts'
import { followLog, type LogFollower } from '../follow-log.ts'
import { pollInterval } from '../poll-interval.ts'
import type { Step, StepTools } from '../step.ts'

const LOST_AFTER = 3
const WAIT_SECONDS = 25
/** An answer that took so long was held. */
const HELD_MS = 1_000
const CLOSE_PAUSE_SECONDS = 0.5

/** Follows the task to its end and reads its report. A fresh process goes on where an older one stood. */
export const monitor: Step = {
  async perform(run, tools) {
    const task = await followTask(run, tools)
    if (task.state === 'failed') return failed(run, task, 'task_failed')
    if (task.state === 'cancelled') return failed(run, task, 'task_cancelled')
    if (task.deployFailed) return failed(run, task, 'deploy_failed')
    return isDeployOnly(run, task) ? deployed(task) : tested(task, tools)
  },
}

async function followTask(run: Run, tools: StepTools): Promise<Task> {
  const { signal, log, metrics, saveProgress } = tools
  const submittedAt = run.submittedAt ?? run.submitStartedAt ?? new Date()
  const deadline = (run.submitStartedAt ?? submittedAt).getTime() + run.maxQueryHours * 3_600_000
  const taskLog = followLog(run, tools)
  const pace = serverHas('long_poll', run) ? longPollPace(run) : plainPace
  let polls = 0
  let notFound = 0
  let heard: Record<string, unknown> = {}
  let next: Pace = GROWING

  for (;;) {
    await pause(millisecondsUntil(next, run, submittedAt, deadline), undefined, { signal })
    if (Date.now() >= deadline) throw tooLong(run, heard)
    polls += 1
    const asked = { waited: next.wait, at: Date.now() }
    try {
      const task = await taskLog.readWhile(poll(run, signal, deadline, next.wait))
      metrics.polls.inc({ result: 'answered' })
      notFound = 0
      if (task.state !== 'running') {
        await taskLog.readOn()
        return task
      }
      if (task.unknownStatus)
        log.warn({ runId: run.id, status: task.status }, 'status of a task that no one knows')
      next = pace(asked, task.status !== heard.status)
      heard = { status: task.status, start_time: task.startTime, last_error: null }
    } catch (error) {
      // Anything else than a call that went wrong is not ours to retry.
      if (!(error instanceof TestServerError || error instanceof HttpError)) throw error
      metrics.polls.inc({ result: 'failed' })
      notFound = error.code === 'task_not_found' ? notFound + 1 : 0
      if (notFound === LOST_AFTER) throw lost(run, error)
      next = GROWING
      heard = { ...heard, last_error: { key: error.key, params: error.params, message: error.message } }
      log.info({ runId: run.id, err: error }, 'a poll of the task failed')
    }
    saveProgress({ ...heard, ...logProblem(taskLog), polls, polled_at: new Date().toISOString() })
    await taskLog.readOn()
  }
}

function logProblem(taskLog: LogFollower) {
  const problem = taskLog.problem()
  return problem && { log_error: problem }
}

/** How the next look is taken: after so many seconds (`growing`: with the time since the submit), held or not. */
interface Pace {
  seconds: number | 'growing'
  wait: boolean
}
const GROWING: Pace = { seconds: 'growing', wait: false }

const plainPace = () => GROWING

/**
 * A look that is not held is followed by one that is, at once: a change in between would only be told with the one
 * after it. So is one that was held. One that came at once with news may be the first of many: a short pause. One that
 * came at once with none was not held, whatever the server promised.
 */
const longPollPace = (run: Run) => (asked: { waited: boolean; at: number }, news: boolean) => {
  const held = Date.now() - asked.at >= HELD_MS
  if (!asked.waited || held) return { seconds: 0, wait: true }
  return news ? { seconds: Math.min(CLOSE_PAUSE_SECONDS, run.queryInterval), wait: false } : GROWING
}

function millisecondsUntil({ seconds }: Pace, run: Run, submittedAt: Date, deadline: number): number {
  const elapsed = (Date.now() - submittedAt.getTime()) / 1000
  const wanted = seconds === 'growing' ? pollInterval(elapsed, run.queryInterval) : seconds
  return Math.max(0, Math.min(wanted * 1000, deadline - Date.now()))
}

function poll(run: Run, signal: AbortSignal, deadline: number, wait: boolean): Promise<Task> {
  const left = deadline - Date.now()
  const waitSeconds = wait ? Math.min(WAIT_SECONDS, Math.floor(left / 1000)) : 0
  const timeoutMs = Math.max(1, Math.min((run.queryTimeout + waitSeconds) * 1000, left))
  return getTask(run.testServerUrl, run.taskId ?? '', { signal, timeoutMs, waitSeconds })
}

/** The server says so; those that say nothing about the test were asked not to test. */
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
      details: { ...timesOf(task), report: { format: null, tried } },
    }
  }
  const { summary, tests, format, url, tried, testsTried } = await readReport(task.reportUrl, { signal })
  return {
    ...{ type: 'tested', reportUrl: url, summary, outcome: outcomeOf(summary), answer: task.answer },
    tests,
    details: { ...timesOf(task), report: { format, tried, tests: testsTried } },
  }
}

/** Without a zone, as the server gave them. */
function timesOf(task: Task) {
  return { status: task.status, start_time: task.startTime, end_time: task.endTime }
}

function failed(run: Run, task: Task, code: 'task_failed' | 'task_cancelled' | 'deploy_failed'): RunEvent {
  const silently = task.error === null && code !== 'task_cancelled' ? '_silently' : ''
  const params = { ...taskOf(run), reason: task.error ?? '' }
  const error = new TestServerError(`test-server:${code}${silently}`, params, { permanent: true })
  return { type: 'failed', error: failureFrom(error), answer: task.answer, details: timesOf(task) }
}

function lost(run: Run, cause: unknown) {
  return new TestServerError('test-server:task_lost', taskOf(run), { permanent: true, cause })
}

function tooLong(run: Run, heard: Record<string, unknown>) {
  const last = (heard.last_error as { message: string } | null)?.message ?? String(heard.status ?? '–')
  return new TestServerError(
    'test-server:too_long',
    { ...taskOf(run), hours: run.maxQueryHours, last },
    { permanent: true },
  )
}

function taskOf(run: Run) {
  return { task: run.taskId ?? '', url: run.testServerUrl }
}
