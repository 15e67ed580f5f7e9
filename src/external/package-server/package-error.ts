import { ExternalError } from '../../lib/errors.ts'
import { HttpError, httpErrorFrom } from '../http-client.ts'

/** A package that could not be found, fetched or verified. */
export class PackageError extends ExternalError {}

/** All of it arrived, and it is not what it should be. */
export class BrokenPackage extends PackageError {
  constructor(key: string, params: PackageError['params'], cause?: unknown) {
    super(key, params, { permanent: true, cause })
  }
}

/** Nothing will change by itself: the same call fails again. */
export const permanent = (key: string, params: PackageError['params'], cause?: unknown) =>
  new PackageError(key, params, { permanent: true, cause })

/** Another attempt may work. */
export const temporary = (key: string, params: PackageError['params'], cause?: unknown) =>
  new PackageError(key, params, { permanent: false, cause })

/** A failure on the wire keeps its own sentence. */
export function unreachable(url: string, error: unknown, timeoutMs: number): PackageError {
  if (error instanceof PackageError) return error
  const { key, params, permanent } = error instanceof HttpError ? error : httpErrorFrom(url, error, timeoutMs)
  return new PackageError(key, params, { permanent, cause: error })
}
