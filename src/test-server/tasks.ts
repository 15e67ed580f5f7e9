import { randomUUID } from 'node:crypto'
import type { Submission } from './submission.ts'

export type Phase = 'running:deploy' | 'running:test'

export interface TaskResult {
  deploy: { service: string; upgrade_type: string; success: boolean }
  test: { report_url: string; skipped?: true; reason?: string }
}

/** A task as `GET /api/tasks/{id}` shows it. Times are the server's own, without a zone. */
interface Task {
  task_id: string
  status: 'pending' | Phase | 'completed' | 'failed'
  start_time: string | null
  end_time: string | null
  result: TaskResult | null
  error: string | null
}

/** Deploys and tests what was submitted; says `enter(phase)` as it goes; throws where the task fails. */
export type Work = (
  submission: Submission,
  enter: (phase: Phase) => Promise<void>,
  signal: AbortSignal,
) => Promise<TaskResult>

export interface TaskBook {
  submit(submission: Submission): Task
  find(taskId: string): Task | undefined
  /** Stops the tasks under way and waits for their end. */
  close(): Promise<void>
}

/** Keeps the tasks in memory, as servers of version 1 do: after a restart they are unknown. */
export function createTaskBook(work: Work, minPhaseMs: number): TaskBook {
  const tasks = new Map<string, Task>()
  const underWay = new Set<Promise<void>>()
  const stop = new AbortController()

  async function perform(task: Task, submission: Submission): Promise<void> {
    const pause = () => sleep(minPhaseMs, stop.signal)
    try {
      await pause()
      task.start_time = serverTime()
      const enter = async (phase: Phase) => {
        task.status = phase
        await pause()
      }
      task.result = await work(submission, enter, stop.signal)
      task.status = 'completed'
    } catch (error) {
      task.error = error instanceof Error ? error.message : String(error)
      task.status = 'failed'
    }
    task.end_time = serverTime()
  }

  return {
    submit(submission) {
      const task: Task = {
        task_id: randomUUID(),
        status: 'pending',
        start_time: null,
        end_time: null,
        result: null,
        error: null,
      }
      tasks.set(task.task_id, task)
      const performance = perform(task, submission).finally(() => underWay.delete(performance))
      underWay.add(performance)
      return task
    },
    find: taskId => tasks.get(taskId),
    async close() {
      stop.abort(new Error('The test server is shutting down'))
      await Promise.all(underWay)
    },
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (ms === 0) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  await promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  })
}

/** `2025-06-18 02:15:54`, in the server's own zone. */
function serverTime(): string {
  const now = new Date()
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ')
}
