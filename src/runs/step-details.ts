import type { StepName } from '../generated/prisma/enums.ts'
import type { StepModel as Step } from '../generated/prisma/models.ts'
import type { Failure } from './run-event.ts'

export interface StepDetails {
  download: DownloadDetails
  test: SubmitDetails
  monitor: MonitorDetails
  notify: NotifyDetails
}

export interface DownloadDetails {
  choice?: { name: string; reason: string; [more: string]: unknown }
  [more: string]: unknown
}

export interface SubmitDetails {
  url?: string
  task_id?: string
  cancel?: CancelResult
  [more: string]: unknown
}

export interface MonitorDetails {
  status?: string
  start_time?: string | null
  end_time?: string | null
  report?: ReportDetails
  /** What the test server ran again. */
  retried?: RetriedTest[]
  cancel?: CancelResult
}

export interface RetriedTest {
  test: string
  attempts: number
  status: string
  /** In the report's list of tests as well. */
  listed: boolean
}

export interface ReportDetails {
  format: string | null
  tried: TriedAddress[]
  tests?: TriedAddress[] | null
}

export interface TriedAddress {
  url: string | null
  result: Pick<Failure, 'key' | 'params'>
}

export interface CancelResult {
  told: boolean
  error: Failure | null
  at: string
}

export type NotifySkipReason =
  | 'switched_off'
  | 'deploy_only'
  | 'cancelled_by_owner'
  | 'by_itself'
  | 'by_token'
  | 'uploaded'
export type NotifyDetails = { recipient: string } | { reason: NotifySkipReason }

export function detailsOf<N extends StepName>(steps: Step[], name: N): StepDetails[N] | null {
  const step = steps.findLast(each => each.name === name)
  return (step?.details ?? null) as StepDetails[N] | null
}
