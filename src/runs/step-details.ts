import type { StepName } from '../generated/prisma/enums.ts'
import type { StepModel as Step } from '../generated/prisma/models.ts'
import type { Failure } from './transition.ts'

/** What each step writes into `details`, and its page and mails read again. */
export interface StepDetails {
  download: DownloadDetails
  test: SubmitDetails
  monitor: MonitorDetails
  notify: NotifyDetails
}

export interface DownloadDetails {
  /** Why this package and no other: a reason of the package server's room, with those that were seen. */
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
  /** Without a zone, as the test server gave them. */
  start_time?: string | null
  end_time?: string | null
  report?: ReportDetails
  cancel?: CancelResult
}

/** How the report was read: each address that was tried, and what came back. */
export interface ReportDetails {
  format: string | null
  tried: TriedAddress[]
  tests?: TriedAddress[] | null
}

export interface TriedAddress {
  url: string | null
  result: Pick<Failure, 'key' | 'params'>
}

/** Whether the test server was told to stop the task of a run that was ended. */
export interface CancelResult {
  told: boolean
  error: Failure | null
  at: string
}

export type NotifySkipReason = 'switched_off' | 'deploy_only' | 'cancelled_by_owner'
export type NotifyDetails = { recipient: string } | { reason: NotifySkipReason }

/** The details of the last attempt at a step, as that step wrote them; null where there are none. */
export function detailsOf<N extends StepName>(steps: Step[], name: N): StepDetails[N] | null {
  const step = steps.findLast(each => each.name === name)
  return (step?.details ?? null) as StepDetails[N] | null
}
