import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, writeAtomically } from '../files/atomic-file.ts'
import type { TaskRecord } from './task.ts'

export interface TaskStore {
  folderOf(taskId: string): string
  /** In the order in which they were submitted. */
  load(): Promise<TaskRecord[]>
  create(record: TaskRecord): Promise<void>
  save(record: TaskRecord): Promise<void>
  removeWork(taskId: string): Promise<void>
  remove(taskId: string): Promise<void>
}

export async function openTaskStore(root: string): Promise<TaskStore> {
  await mkdir(root, { recursive: true })
  const folderOf = (taskId: string) => join(root, taskId)
  const fileOf = (taskId: string) => join(folderOf(taskId), 'task.json')
  /** The last write of each task: one does not overtake another. */
  const writes = new Map<string, Promise<void>>()

  async function save(record: TaskRecord): Promise<void> {
    const { task_id } = record.task
    const text = JSON.stringify(record, null, 2)
    const before = writes.get(task_id) ?? Promise.resolve()
    const write = before.catch(() => {}).then(() => writeAtomically(fileOf(task_id), text))
    writes.set(task_id, write)
    await write
  }

  return {
    folderOf,
    save,
    async load() {
      const records = await Promise.all((await readdir(root)).map(id => readJson<TaskRecord>(fileOf(id))))
      return records.filter(record => record !== null).sort((a, b) => a.order - b.order)
    },
    async create(record) {
      await mkdir(folderOf(record.task.task_id))
      await save(record)
    },
    removeWork: taskId => rm(join(folderOf(taskId), 'work'), { recursive: true, force: true }),
    remove: taskId => rm(folderOf(taskId), { recursive: true, force: true }),
  }
}
