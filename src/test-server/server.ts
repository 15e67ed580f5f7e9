import { join } from 'node:path'
import type { Log } from '../lib/log.ts'
import { sameSecret } from '../lib/same-secret.ts'
import { answered, type Handler, type ProtocolAnswer, type ProtocolRequest } from './answer.ts'
import { dryRun } from './dry-run.ts'
import { createMetrics } from './metrics.ts'
import { createMeetings, type Meetings } from './peers/meetings.ts'
import { reportPeer } from './peers/peer-handler.ts'
import { createRouter } from './routes.ts'
import type { Protocol } from './submission.ts'
import { taskHandlers } from './task-handlers.ts'
import { openTaskStore } from './tasks/store.ts'
import type { TaskRecord, Work } from './tasks/task.ts'
import { openTasks } from './tasks/tasks.ts'

export interface TestServerOptions {
  dataDir: string
  work: Work
  recover: Work
  log: Log
  reportDir: string
  /** Tasks of one lane go one at a time: by default those of one service name. */
  laneOf?(record: TaskRecord): string
  meetings?: Meetings
  token?: string | null
  /** Version 1 knows nothing of version 2. Default 2. */
  protocol?: Protocol
  /** Refuse fields that the version does not name, as the pickiest servers do. Default false. */
  strict?: boolean
  /** How many tasks that are over are kept. Default 500. */
  keepTasks?: number
  problem?(): string | null
}

export interface TestServer {
  answer(request: ProtocolRequest): Promise<ProtocolAnswer>
  close(): Promise<void>
}

/** The deploy_and_test protocol, version 1 or 2, on the tasks that lie in `dataDir`. */
export async function openTestServer(options: TestServerOptions): Promise<TestServer> {
  const { work, recover, log, reportDir, token = null, protocol = 2, strict = false } = options
  const store = await openTaskStore(join(options.dataDir, 'tasks'))
  const metrics = createMetrics(() => tasks.list())
  const tasks = await openTasks({
    ...{ store, recover, log, keep: options.keepTasks ?? 500, onEnd: metrics.count },
    workOf: record => (record.dry_run ? dryRun : work),
    laneOf: record => laneOf(record, options),
  })
  const answer = createRouter(
    {
      ...taskHandlers({ ...{ tasks, protocol, strict, reportDir }, folderOf: store.folderOf }),
      reportPeer: reportPeer(options.meetings ?? createMeetings()),
      health: health(() => options.problem?.() ?? null),
      prometheus: metrics.handler,
    },
    {
      protocol,
      mayCall: headers => token === null || sameSecret(`${headers.authorization}`, `Bearer ${token}`),
    },
  )
  return { answer, close: tasks.close }
}

/** Dry runs wait for nobody. */
function laneOf(record: TaskRecord, { laneOf: lane = byName }: TestServerOptions): string {
  return record.dry_run ? `dry run ${record.task.task_id}` : lane(record)
}

const byName = ({ submission }: TaskRecord) => submission.service_name.toLowerCase()

/** Alive in any case; what is wrong is said beside it. */
function health(problem: () => string | null): Handler {
  return () => answered({ status: 'ok', config_problem: problem() })
}
