import { AppError } from '../lib/errors.ts'
import type { Failure } from '../runs/run-event.ts'

export function failureFrom(error: unknown): Failure {
  const { key, params, message } =
    error instanceof AppError
      ? error
      : new AppError('errors:step_broke', { reason: String((error as Error).message ?? error) })
  return { key, params, message }
}
