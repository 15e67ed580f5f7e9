import { join } from 'node:path'
import { Readable } from 'node:stream'
import { create } from 'tar'
import { answered, type Call, type Handler, type ProtocolAnswer, parseJson, refused } from './answer.ts'
import { exists } from './files/exists.ts'
import { loadFiles } from './load/locust.ts'
import { readPoints } from './load/points.ts'
import { type Protocol, readSubmission } from './submission.ts'
import { isOver, type TaskRecord } from './tasks/task.ts'
import type { Tasks } from './tasks/tasks.ts'

export interface TaskHandlersOptions {
  tasks: Tasks
  protocol: Protocol
  strict: boolean
  reportDir: string
  folderOf(taskId: string): string
}

const MAX_WAIT_SECONDS = 60

export function taskHandlers({ tasks, protocol, strict, reportDir, folderOf }: TaskHandlersOptions) {
  const submitAs =
    (dryRun: boolean): Handler =>
    async ({ headers, body }) => {
      const json = parseJson(body)
      if (json === undefined) return refused(400, 'The body is not JSON')
      const read = readSubmission(json, { strict, protocol })
      if ('error' in read) return refused(422, read.error)
      const key = protocol === 2 ? headers['idempotency-key']?.toString() : undefined
      const { task } = await tasks.submit(read.submission, { key, dryRun })
      return answered({ task_id: task.task_id }, 202)
    }

  const get: Handler = async ({ params: { id = '' }, query }) => {
    const wait = protocol === 2 ? Math.min(MAX_WAIT_SECONDS, Number(query.get('wait'))) : 0
    const record = wait > 0 ? await tasks.findLater(id, wait * 1000) : tasks.find(id)
    return shown(record, id)
  }

  const cancel: Handler = async ({ params: { id = '' } }) => shown(await tasks.cancel(id), id)

  const log: Handler = async ({ params: { id = '' }, query }) => {
    const taskLog = tasks.logOf(id)
    const record = tasks.find(id)
    if (!taskLog || !record) return unknownTask(id)
    // Looked at before: what is written after the end of a task is not the end of its log.
    const over = isOver(record.task)
    const offset = offsetIn(query)
    const part = offset === null ? null : await taskLog.read(offset)
    if (!part) return refused(400, `The log has ${taskLog.size()} bytes: no offset ${query.get('offset')}`)
    return answered({ ...part, eof: over && part.next_offset === taskLog.size() })
  }

  const metrics: Handler = async ({ params: { id = '' }, query }) => {
    if (!tasks.find(id)) return unknownTask(id)
    const offset = offsetIn(query)
    const part = offset === null ? null : await readPoints(loadFiles(folderOf(id)).points, offset)
    return part ? answered(part) : refused(400, `There is no point ${query.get('offset')} yet`)
  }

  const reportArchive: Handler = async ({ params: { id = '' } }) => {
    const record = tasks.find(id)
    if (!record) return unknownTask(id)
    const { report_folder: folder } = record.notes
    if (folder === undefined || !(await exists(join(reportDir, folder))))
      return refused(404, `Task ${id} has no report`)
    const archive = create({ gzip: true, cwd: reportDir, portable: true }, [folder])
    return { status: 200, headers: { 'content-type': 'application/gzip' }, body: Readable.from(archive) }
  }

  return { submit: submitAs(false), dryRun: submitAs(true), get, cancel, log, metrics, reportArchive }
}

function offsetIn(query: Call['query']): number | null {
  const asked = query.get('offset') ?? '0'
  return /^\d{1,15}$/.test(asked) ? Number(asked) : null
}

function shown(record: TaskRecord | undefined, taskId: string): ProtocolAnswer {
  return record ? answered(record.task) : unknownTask(taskId)
}

function unknownTask(taskId: string): ProtocolAnswer {
  return refused(404, `There is no task ${taskId} here`)
}
