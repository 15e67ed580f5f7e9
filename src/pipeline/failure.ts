import { AppError } from '../lib/errors.ts'
import type { Failure } from '../runs/run-event.ts'

/** Converts an error to what a run stores. Anything but an AppError is a bug and reported as one. */
export function failureFrom(error: unknown): Failure {
  const { key, params, message } =
    error instanceof AppError
      ? error
      : new AppError('errors:step_broke', { reason: String((error as Error).message ?? error) })
  return { key, params, message }
}
