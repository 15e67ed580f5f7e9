import { AppError } from '../lib/errors.ts'
import type { Params } from '../lib/i18n.ts'

export function stateColumns(state: 'ready' | 'paused', actor: string) {
  if (state === 'ready') return readyColumns()
  return { state, ...reasonColumns('errors:environment_paused', { who: actor }), nextCheckAt: null }
}

export function readyColumns() {
  return {
    ...{ state: 'ready' as const, stateSince: new Date(), stateReason: null, stateReasonKey: null },
    ...{ setupFailures: 0, checkFailures: 0, nextCheckAt: null },
  }
}

export function reasonColumns(key: string, params: Params) {
  const { message } = new AppError(key, params)
  return { stateSince: new Date(), stateReason: message, stateReasonKey: key, stateReasonParams: params }
}
