import type { ChannelModel as Channel } from '../generated/prisma/models.ts'
import { AppError } from '../lib/errors.ts'
import type { Sealer } from '../lib/sealer.ts'
import { MASK } from '../lib/secrets.ts'

/** The rest of a webhook's address is as good as a password. */
export function shownUrl(sealer: Sealer, { url }: Pick<Channel, 'url'>): string | null {
  if (url === null) return null
  try {
    return `${new URL(sealer.open(url)).origin}/${MASK}`
  } catch (error) {
    if (error instanceof AppError) return MASK
    throw error
  }
}

export function maskedRecipient(address: string): string {
  return address.replace(/^[^@]*/, MASK)
}
