import type { Request, Response } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import { AppError } from '../lib/errors.ts'

/** The client's address; of IPv6 the network, because a client owns all of it. */
export function clientKey(req: Request): string {
  return ipKeyGenerator(req.ip ?? '')
}

export function refuseTooMany(res: Response, seconds: number, key: string): void {
  if (!seconds) return
  res.set('Retry-After', `${seconds}`)
  throw new AppError(key, { seconds }, { status: 429 })
}
