import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import type { Log } from '../../lib/log.ts'
import type { TaskStore } from './store.ts'
import { isOver, serverTime, type Task, type TaskRecord, type WorkTools } from './task.ts'
import { openTaskLog, type TaskLog } from './task-log.ts'

/** A task in this process: its record, which is on disk too, its log, and who waits for it to change. */
export interface LiveTask {
  readonly record: TaskRecord
  log: TaskLog
  stop: AbortController
  tools: WorkTools
  isOver(): boolean
  /** Changes what is shown, once it is on disk: nobody sees what a crash would take back. */
  change(fields: Partial<Task> & { status: string }): Promise<void>
  nextChange(withinMs: number): Promise<void>
}

export function createLiveTask(first: TaskRecord, store: TaskStore, programLog: Log): LiveTask {
  const taskId = first.task.task_id
  const folder = store.folderOf(taskId)
  const log = openTaskLog(join(folder, 'log'))
  const changes = new EventEmitter().setMaxListeners(0)
  const stop = new AbortController()
  let record = first

  async function save(next: TaskRecord): Promise<void> {
    // A disk that takes no more does not keep a task from going on.
    await store.save(next).catch(err => programLog.error({ err, task: taskId }, 'a task was not stored'))
    record = next
  }

  async function change(fields: Partial<Task> & { status: string }): Promise<void> {
    const over = ['completed', 'failed', 'cancelled'].includes(fields.status)
    const times = over ? { end_time: serverTime() } : { start_time: record.task.start_time ?? serverTime() }
    log.write(`${serverTime()} ${fields.status}\n`)
    await save({ ...record, task: { ...record.task, ...times, ...fields } })
    changes.emit('status')
  }

  return {
    get record() {
      return record
    },
    ...{ log, stop, change },
    tools: {
      ...{ taskId, folder, write: log.write, signal: stop.signal },
      enter: status => change({ status }),
      note: notes => save({ ...record, notes: { ...record.notes, ...notes } }),
      notes: () => record.notes,
    },
    isOver: () => isOver(record.task),
    async nextChange(withinMs) {
      const signal = AbortSignal.timeout(withinMs)
      await once(changes, 'status', { signal }).catch(error => {
        if (!signal.aborted) throw error
      })
    },
  }
}
