import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../../lib/log.ts'
import type { Submission } from '../submission.ts'
import { createLanes } from './lanes.ts'
import { createLiveTask, type LiveTask } from './live-task.ts'
import type { TaskStore } from './store.ts'
import { TaskFailure, type TaskRecord, type Work } from './task.ts'
import type { TaskLog } from './task-log.ts'

export interface TasksOptions {
  store: TaskStore
  workOf(record: TaskRecord): Work
  /** Puts in order what a task left that was under way when this program was killed, and throws what became of it. */
  recover: Work
  laneOf(record: TaskRecord): string
  keep: number
  log: Log
  onEnd?(record: TaskRecord, seconds: number): void
}

export interface Tasks {
  /** The same key again is the same task. */
  submit(submission: Submission, options: { key?: string; dryRun?: boolean }): Promise<TaskRecord>
  find(taskId: string): TaskRecord | undefined
  /** As `find`, but not before its status changes or the time is over. */
  findLater(taskId: string, withinMs: number): Promise<TaskRecord | undefined>
  list(): TaskRecord[]
  logOf(taskId: string): TaskLog | undefined
  /** Stops the task and waits a moment for its end; one that is over stays as it is. */
  cancel(taskId: string): Promise<TaskRecord | undefined>
  /** Stops the tasks under way and waits for their end. Those that wait go on after the next start. */
  close(): Promise<void>
}

interface Entry extends LiveTask {
  started: boolean
  ended: Promise<void>
}

const CANCELLED = new Error('The task was cancelled')
const SHUT_DOWN = new Error('The test server was stopped')
const CANCEL_WAIT_MS = 3_000

/** The tasks of this server, as they lie on disk: what waited or was under way when it ended goes on. */
export async function openTasks(options: TasksOptions): Promise<Tasks> {
  const { store, workOf, recover, laneOf, log } = options
  const inLane = createLanes()
  const entries = new Map<string, Entry>()
  const byKey = new Map<string, Promise<Entry>>()
  let order = 0

  async function accept(submission: Submission, key: string | null, dryRun: boolean): Promise<Entry> {
    order += 1
    const task = { status: 'pending', start_time: null, end_time: null, result: null, error: null }
    const record: TaskRecord = {
      ...{ task: { task_id: randomUUID(), ...task }, submission, key, dry_run: dryRun, order, notes: {} },
    }
    await store.create(record)
    return schedule(add(record), workOf(record))
  }

  function add(record: TaskRecord): Entry {
    const entry = Object.assign(createLiveTask(record, store, log), {
      started: false,
      ended: Promise.resolve(),
    })
    order = Math.max(order, record.order)
    entries.set(record.task.task_id, entry)
    if (record.key !== null) byKey.set(record.key, Promise.resolve(entry))
    return entry
  }

  function schedule(entry: Entry, work: Work): Entry {
    entry.ended = inLane(laneOf(entry.record), () => perform(entry, work))
    return entry
  }

  async function perform(entry: Entry, work: Work): Promise<void> {
    const { tools, stop } = entry
    if (entry.isOver() || stop.signal.aborted) return
    entry.started = true
    const began = performance.now()
    try {
      await mkdir(join(tools.folder, 'work'), { recursive: true })
      const result = await work(entry.record.submission, tools)
      await entry.change({ status: 'completed', result })
    } catch (error) {
      await fail(entry, error as Error)
    }
    if (!entry.isOver()) return
    options.onEnd?.(entry.record, (performance.now() - began) / 1000)
    entry.log.close()
    await store
      .removeWork(tools.taskId)
      .catch(err => log.error({ err }, 'the work of a task was not removed'))
    await removeOldest()
  }

  async function fail({ record, stop, log: taskLog, change }: Entry, error: Error): Promise<void> {
    const result = error instanceof TaskFailure ? error.result : record.task.result
    if (stop.signal.reason === CANCELLED) return await change({ status: 'cancelled', result })
    // It had not begun: the next start begins it.
    if (stop.signal.reason === SHUT_DOWN && record.task.status === 'pending') return
    taskLog.write(`${error.message}\n`)
    await change({ status: 'failed', result, error: error.message })
  }

  async function removeOldest(): Promise<void> {
    const over = [...entries.values()].filter(entry => entry.isOver())
    for (const { record } of over.slice(0, Math.max(0, over.length - options.keep))) {
      entries.delete(record.task.task_id)
      if (record.key !== null) byKey.delete(record.key)
      await store.remove(record.task.task_id)
    }
  }

  for (const record of await store.load()) {
    const entry = add(record)
    if (!entry.isOver()) schedule(entry, record.task.status === 'pending' ? workOf(record) : recover)
  }

  return {
    async submit(submission, { key, dryRun = false }) {
      if (key === undefined) return (await accept(submission, null, dryRun)).record
      const known = byKey.get(key) ?? accept(submission, key, dryRun)
      byKey.set(key, known)
      known.catch(() => byKey.delete(key))
      return (await known).record
    },
    find: taskId => entries.get(taskId)?.record,
    async findLater(taskId, withinMs) {
      const entry = entries.get(taskId)
      if (entry && !entry.isOver()) await entry.nextChange(withinMs)
      return entry?.record
    },
    list: () => [...entries.values()].map(({ record }) => record),
    logOf: taskId => entries.get(taskId)?.log,
    async cancel(taskId) {
      const entry = entries.get(taskId)
      if (!entry) return undefined
      entry.stop.abort(CANCELLED)
      if (!entry.started && !entry.isOver()) await entry.change({ status: 'cancelled' })
      if (!entry.isOver()) await Promise.race([entry.ended, pause(CANCEL_WAIT_MS, undefined, { ref: false })])
      return entry.record
    },
    async close() {
      const all = [...entries.values()]
      for (const { stop } of all) stop.abort(SHUT_DOWN)
      await Promise.all(all.map(({ ended }) => ended))
      for (const entry of all) entry.log.close()
    },
  }
}
