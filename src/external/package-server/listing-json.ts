import * as z from 'zod'
import { isFileName } from './address.ts'
import type { Listing } from './listed-file.ts'
import { parseListingDate } from './listing-date.ts'

const entries = z.array(z.object({ name: z.string(), type: z.string(), mtime: z.string().optional() }))

export function parseJsonListing(body: Buffer, url: URL): Listing | null {
  const parsed = entries.safeParse(parseJson(body))
  if (!parsed.success) return null
  const files = parsed.data.filter(({ name, type }) => type === 'file' && isFileName(name))
  return new Map(
    files.map(({ name, mtime }) => [
      name,
      { name, url: new URL(encodeURIComponent(name), url).href, date: parseListingDate(mtime ?? '') },
    ]),
  )
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
