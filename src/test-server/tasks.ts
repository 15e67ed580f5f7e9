import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import type { Submission } from './submission.ts'
import { createTaskLog, type TaskLog } from './task-log.ts'

export type Phase = 'running:deploy' | 'running:test'

export interface TaskResult {
  deploy: { service: string; upgrade_type: string; success: boolean }
  test: { report_url: string; skipped?: true; reason?: string }
}

/** A task as `GET /api/tasks/{id}` shows it. Times are the server's own, without a zone. */
interface Task {
  task_id: string
  status: 'pending' | Phase | 'completed' | 'failed' | 'cancelled'
  start_time: string | null
  end_time: string | null
  result: TaskResult | null
  error: string | null
}

export interface WorkTools {
  enter(phase: Phase): Promise<void>
  /** Adds to the task's log. */
  write(text: string): void
  signal: AbortSignal
}

/** Deploys and tests what was submitted; says `enter(phase)` as it goes; throws where the task fails. */
export type Work = (submission: Submission, tools: WorkTools) => Promise<TaskResult>

export interface TaskBook {
  /** The same key again is the same task, as long as this server lives. */
  submit(submission: Submission, key?: string): Task
  find(taskId: string): Task | undefined
  /** As `find`, but not before its status changes or the time is over. */
  findLater(taskId: string, withinMs: number): Promise<Task | undefined>
  readLog(taskId: string): (Pick<TaskLog, 'read' | 'size'> & { over: boolean }) | undefined
  /** Stops the task and waits for its end; one that has ended stays as it is. */
  cancel(taskId: string): Promise<Task | undefined>
  /** Stops the tasks under way and waits for their end. */
  close(): Promise<void>
}

interface Entry {
  task: Task
  log: TaskLog
  stop: AbortController
  /** `status`: it changed. */
  news: EventEmitter
  ended: Promise<void>
}

const CANCELLED = new Error('The task was cancelled')

/** Keeps the tasks in memory, as servers of version 1 do: after a restart they are unknown. */
export function createTaskBook(work: Work, minPhaseMs: number): TaskBook {
  const entries = new Map<string, Entry>()
  const keys = new Map<string, Task>()

  function start(submission: Submission): Task {
    const task: Task = {
      task_id: randomUUID(),
      status: 'pending',
      start_time: null,
      end_time: null,
      result: null,
      error: null,
    }
    const parts = { task, log: createTaskLog(), stop: new AbortController(), news: new EventEmitter() }
    // As many as like may wait for news.
    parts.news.setMaxListeners(0)
    entries.set(task.task_id, { ...parts, ended: perform(parts, submission) })
    return task
  }

  async function perform(entry: Omit<Entry, 'ended'>, submission: Submission): Promise<void> {
    const { task, log, stop } = entry
    const pause = () => sleep(minPhaseMs, stop.signal)
    try {
      await pause()
      task.start_time = serverTime()
      const enter = async (phase: Phase) => {
        turn(entry, phase)
        await pause()
      }
      task.result = await work(submission, { enter, write: log.write, signal: stop.signal })
      turn(entry, 'completed')
    } catch (error) {
      if (stop.signal.reason === CANCELLED) turn(entry, 'cancelled')
      else {
        task.error = error instanceof Error ? error.message : String(error)
        log.write(`${task.error}\n`)
        turn(entry, 'failed')
      }
    }
  }

  return {
    submit(submission, key) {
      const known = key === undefined ? undefined : keys.get(key)
      if (known) return known
      const task = start(submission)
      if (key !== undefined) keys.set(key, task)
      return task
    },
    find: taskId => entries.get(taskId)?.task,
    async findLater(taskId, withinMs) {
      const entry = entries.get(taskId)
      if (entry && !isOver(entry.task)) await changeOf(entry, withinMs)
      return entry?.task
    },
    readLog(taskId) {
      const entry = entries.get(taskId)
      return entry && { ...entry.log, over: isOver(entry.task) }
    },
    async cancel(taskId) {
      const entry = entries.get(taskId)
      entry?.stop.abort(CANCELLED)
      await entry?.ended
      return entry?.task
    },
    async close() {
      for (const { stop } of entries.values()) stop.abort(new Error('The test server is shutting down'))
      await Promise.all([...entries.values()].map(({ ended }) => ended))
    },
  }
}

function turn({ task, log, news }: Omit<Entry, 'ended'>, status: Task['status']): void {
  if (['completed', 'failed', 'cancelled'].includes(status)) task.end_time = serverTime()
  task.status = status
  log.write(`${serverTime()} ${status}\n`)
  news.emit('status')
}

function isOver({ end_time }: Task): boolean {
  return end_time !== null
}

async function changeOf({ news }: Entry, withinMs: number): Promise<void> {
  const signal = AbortSignal.timeout(withinMs)
  await once(news, 'status', { signal }).catch(error => {
    if (!signal.aborted) throw error
  })
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
