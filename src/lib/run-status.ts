export const BEFORE_SUBMIT = ['DOWNLOADING', 'DOWNLOADED'] as const
export const AFTER_SUBMIT = ['TESTING', 'MONITORING'] as const
export const ACTIVE = [...BEFORE_SUBMIT, ...AFTER_SUBMIT] as const
export const UNFINISHED = ['PENDING', ...ACTIVE] as const
export const SUCCEEDED = ['COMPLETED', 'DEPLOY_COMPLETE'] as const
export const TERMINAL = [...SUCCEEDED, 'FAILED', 'CANCELLED'] as const
export const RUN_STATUSES = [...UNFINISHED, ...TERMINAL] as const

export type RunStatus = (typeof RUN_STATUSES)[number]

export function isTerminal(status: RunStatus): boolean {
  return (TERMINAL as readonly string[]).includes(status)
}

export function isActive(status: RunStatus): boolean {
  return (ACTIVE as readonly string[]).includes(status)
}
