import type { Queryable } from '../database/client.ts'
import type { DigestSubscriptionModel as Subscription } from '../generated/prisma/models.ts'
import type { Person } from '../lib/person.ts'

export function findDigest(db: Queryable, email: string): Promise<Subscription | null> {
  return db.digestSubscription.findUnique({ where: { email } })
}

/** In the language of today. */
export function subscribeToDigest(
  db: Queryable,
  { email, locale }: Person,
  { allItems }: { allItems: boolean },
): Promise<Subscription> {
  const data = { locale, allItems }
  return db.digestSubscription.upsert({ where: { email }, create: { email, ...data }, update: data })
}

export async function endDigest(db: Queryable, of: { email: string } | { id: number }): Promise<void> {
  await db.digestSubscription.deleteMany({ where: of })
}

/** The recipient of a list has no further digest; other mails to the list stay as they are. */
export async function leaveDigest(db: Queryable, channelId: number, address: string): Promise<void> {
  await db.$executeRaw`
    UPDATE channels SET digest_left = array_append(digest_left, ${address})
    WHERE id = ${channelId} AND NOT ${address} = ANY(digest_left)`
}
