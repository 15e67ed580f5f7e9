export const ACTIVE = ['DOWNLOADING', 'DOWNLOADED', 'TESTING', 'MONITORING'] as const
export const UNFINISHED = ['PENDING', ...ACTIVE] as const
export const TERMINAL = ['COMPLETED', 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED'] as const
export const RUN_STATUSES = [...UNFINISHED, ...TERMINAL] as const

export type RunStatus = (typeof RUN_STATUSES)[number]

export function isTerminal(status: RunStatus): boolean {
  return (TERMINAL as readonly string[]).includes(status)
}
