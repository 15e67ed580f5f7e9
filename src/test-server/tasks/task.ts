import type { Submission } from '../submission.ts'

export interface DeployResult {
  service: string
  upgrade_type: string
  success: boolean
  backup?: number
  /** Whether the version of before is running again; null where there was none. */
  rolled_back?: boolean | null
}

export interface Attempt {
  /** The test's history id in the report. */
  test: string
  name: string
  attempt: number
  status: string
}

export interface LoadResult {
  p95_ms: number | null
  rps: number
  error_rate: number
  breaches: string[]
}

export interface TestResult {
  report_url: string
  skipped?: true
  reason?: string
  /** The tests did not come to their end: the report holds what they had done by then. */
  partial?: true
  attempts?: Attempt[]
  load?: LoadResult
  scripts_sha256?: string
  network?: { latency_ms: number; loss_percent: number; applied: boolean; reason?: string }
}

export interface TaskResult {
  deploy: DeployResult
  test?: TestResult
}

/** A task as `GET /api/tasks/{id}` shows it. Times are the server's own, without a zone. */
export interface Task {
  task_id: string
  status: string
  start_time: string | null
  end_time: string | null
  result: TaskResult | null
  error: string | null
}

export interface TaskNotes {
  report_folder?: string
  deploy?: DeployResult
  /** To which the network parameters are applied now. */
  network_interface?: string
}

export interface TaskRecord {
  task: Task
  submission: Submission
  key: string | null
  dry_run: boolean
  /** Tasks of one service go in this order. */
  order: number
  notes: TaskNotes
}

export interface WorkTools {
  taskId: string
  /** The task's own folder. What is in `work` below it is removed at its end. */
  folder: string
  enter(status: `running:${string}`): Promise<void>
  write(text: string): void
  note(notes: TaskNotes): Promise<void>
  notes(): Readonly<TaskNotes>
  signal: AbortSignal
}

/** Deploys and tests what was submitted; says `enter` as it goes; throws where the task fails. */
export type Work = (submission: Submission, tools: WorkTools) => Promise<TaskResult>

/** A task failed, but there is something to show. */
export class TaskFailure extends Error {
  readonly result: TaskResult

  constructor(message: string, result: TaskResult, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TaskFailure'
    this.result = result
  }
}

export function isOver({ end_time }: Task): boolean {
  return end_time !== null
}

/** `2025-06-18 02:15:54`, in the server's own zone. */
export function serverTime(): string {
  const now = new Date()
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ')
}
