import { setTimeout as pause } from 'node:timers/promises'
import { HttpError } from '../external/http-client.ts'
import { getTask, type Task, TestServerError } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import type { Details } from '../runs/run-event.ts'
import { failureFrom } from './failure.ts'
import { followLog, type LogFollower } from './follow-log.ts'
import { GROWING, millisecondsUntil, nextPace, type Pace } from './poll-pace.ts'
import type { StepTools } from './step.ts'

const LOST_AFTER = 3
const WAIT_SECONDS = 25

interface Following {
  run: Run
  tools: StepTools
  taskLog: LogFollower
  deadline: number
  progress: Details
  notFound: number
  next: Pace
}

export async function followTask(run: Run, tools: StepTools): Promise<Task> {
  const submittedAt = run.submittedAt ?? run.submitStartedAt ?? new Date()
  const deadline = (run.submitStartedAt ?? submittedAt).getTime() + run.maxQueryHours * 3_600_000
  const taskLog = followLog(run, tools)
  const following: Following = { run, tools, taskLog, deadline, progress: {}, notFound: 0, next: GROWING }

  for (let polls = 1; ; polls += 1) {
    const ms = millisecondsUntil(following.next, run, submittedAt, deadline)
    await pause(ms, undefined, { signal: tools.signal })
    if (Date.now() >= deadline) throw tooLong(following)
    const task = await pollOnce(following)
    if (task) {
      await taskLog.readRest()
      return task
    }
    tools.saveProgress({
      ...{ ...following.progress, ...logProblem(taskLog) },
      ...{ polls, polled_at: new Date().toISOString() },
    })
    await taskLog.readNew()
  }
}

async function pollOnce(following: Following): Promise<Task | null> {
  const { tools, taskLog } = following
  const sentAt = Date.now()
  try {
    const task = await taskLog.readWhile(poll(following))
    tools.metrics.polls.inc({ result: 'answered' })
    if (task.state !== 'running') return task
    noteAnswer(following, task, sentAt)
  } catch (error) {
    if (!(error instanceof TestServerError || error instanceof HttpError)) throw error
    tools.metrics.polls.inc({ result: 'failed' })
    noteFailure(following, error)
  }
  return null
}

function poll({ run, tools: { signal, token }, deadline, next }: Following): Promise<Task> {
  const left = deadline - Date.now()
  const waitSeconds = next.wait ? Math.min(WAIT_SECONDS, Math.floor(left / 1000)) : 0
  const timeoutMs = Math.max(1, Math.min((run.queryTimeout + waitSeconds) * 1000, left))
  return getTask(run.testServerUrl, run.taskId ?? '', { signal, token, timeoutMs, waitSeconds })
}

function noteAnswer(following: Following, task: Task, sentAt: number): void {
  const { run, tools, progress, next } = following
  if (task.unknownStatus) tools.log.warn({ runId: run.id, status: task.status }, 'unknown task status')
  const statusChanged = task.status !== progress.status
  following.notFound = 0
  following.next = nextPace(run, { sentAt, waited: next.wait, statusChanged })
  following.progress = { status: task.status, start_time: task.startTime, last_error: null }
}

function noteFailure(following: Following, error: TestServerError | HttpError): void {
  const { run, tools, progress, deadline } = following
  // The limit of the run cut this poll short: what was heard before says more.
  if (Date.now() >= deadline && progress.status) return
  following.notFound = error.code === 'task_not_found' ? following.notFound + 1 : 0
  if (following.notFound === LOST_AFTER) throw lost(run, error)
  following.next = GROWING
  following.progress = { ...progress, last_error: failureFrom(error) }
  tools.log.info({ runId: run.id, err: error }, 'a poll of the task failed')
}

function logProblem(taskLog: LogFollower) {
  const problem = taskLog.problem()
  return problem && { log_error: problem }
}

function lost(run: Run, cause: unknown) {
  return new TestServerError('test-server:task_lost', taskOf(run), { permanent: true, cause })
}

function tooLong({ run, progress }: Following) {
  const last = (progress.last_error as { message: string } | null)?.message ?? String(progress.status ?? '–')
  return new TestServerError(
    'test-server:too_long',
    { ...taskOf(run), hours: run.maxQueryHours, last },
    { permanent: true },
  )
}

export function taskOf(run: Run) {
  return { task: run.taskId ?? '', url: run.testServerUrl }
}
