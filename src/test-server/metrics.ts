import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Handler } from './answer.ts'
import { isOver, type TaskRecord } from './tasks/task.ts'

export function createMetrics(list: () => TaskRecord[]) {
  const registry = new Registry()
  const registers = [registry]
  const ended = new Counter({
    ...{ registers, name: 'test_server_tasks_total', help: 'Tasks that have ended, by how' },
    labelNames: ['status'],
  })
  const seconds = new Histogram({
    ...{
      registers,
      name: 'test_server_task_seconds',
      help: 'How long tasks took, without the time in the queue',
    },
    buckets: [1, 5, 15, 60, 300, 900, 3600, 4 * 3600],
  })
  const rolledBack = new Counter({
    ...{ registers, name: 'test_server_rollbacks_total', help: 'Deploys that were undone, by success' },
    labelNames: ['success'],
  })
  const count = (name: string, help: string, matches: (record: TaskRecord) => boolean) =>
    new Gauge({
      ...{ registers, name, help },
      collect() {
        this.set(list().filter(matches).length)
      },
    })
  count('test_server_tasks_waiting', 'Tasks in the queue', ({ task }) => task.status === 'pending')
  count(
    'test_server_tasks_running',
    'Tasks under way',
    ({ task }) => task.status !== 'pending' && !isOver(task),
  )

  const handler: Handler = async () => ({
    status: 200,
    headers: { 'content-type': registry.contentType },
    body: await registry.metrics(),
  })
  return {
    handler,
    count({ task }: TaskRecord, tookSeconds: number) {
      ended.inc({ status: task.status })
      seconds.observe(tookSeconds)
      const undone = task.result?.deploy.rolled_back
      if (undone !== undefined && undone !== null) rolledBack.inc({ success: `${undone}` })
    },
  }
}
