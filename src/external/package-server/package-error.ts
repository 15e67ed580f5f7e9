import { ExternalError } from '../../lib/errors.ts'
import { HttpError, httpErrorFrom } from '../http-client.ts'

export class PackageError extends ExternalError {}

export class BrokenPackage extends PackageError {
  constructor(key: string, params: PackageError['params'], cause?: unknown) {
    super(key, params, { permanent: true, cause })
  }
}

export const permanent = (key: string, params: PackageError['params'], cause?: unknown) =>
  new PackageError(key, params, { permanent: true, cause })

export const temporary = (key: string, params: PackageError['params'], cause?: unknown) =>
  new PackageError(key, params, { permanent: false, cause })

export function unreachable(url: string, error: unknown, timeoutMs: number): PackageError {
  if (error instanceof PackageError) return error
  const { key, params, permanent } = error instanceof HttpError ? error : httpErrorFrom(url, error, timeoutMs)
  return new PackageError(key, params, { permanent, cause: error })
}
