import type { Request, Response } from 'express'

export function setETag(res: Response, revision: string): void {
  res.set('ETag', `"${revision}"`)
}

/** The revision that a change is meant for; null: whichever. Proxies that compress make an ETag weak. */
export function ifMatch(req: Request): string | null {
  const [, revision = ''] = /^(?:W\/)?"([^"]*)"/.exec(req.get('if-match')?.trim() ?? '') ?? []
  return revision || null
}
