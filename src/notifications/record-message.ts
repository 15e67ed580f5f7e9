import type { Queryable, Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { NotificationModel as Delivery } from '../generated/prisma/models.ts'

/** As for mails: in growing intervals, for about two days. */
const FIRST_WAIT_SECONDS = 5
const LONGEST_WAIT_SECONDS = 4 * 3600
const MOST_ATTEMPTS = 26
/** However often the service limits the rate. */
const MOST_DAYS = 3

export async function recordTaken(tx: Transaction, deliveries: Delivery[]): Promise<void> {
  await tx.notification.updateMany({
    where: { id: { in: idsOf(deliveries) } },
    data: { status: 'sent', sentAt: new Date(), attempts: { increment: 1 }, lastError: null },
  })
  await announceRuns(tx, deliveries)
}

/** Returns how many are given up. */
export async function recordRefused(
  tx: Transaction,
  deliveries: Delivery[],
  { reason, permanent }: { reason: string; permanent: boolean },
): Promise<number> {
  const refused = await tx.$queryRaw<{ status: string }[]>`
    UPDATE notifications SET
      attempts = attempts + 1,
      last_error = ${reason},
      status = (CASE WHEN ${permanent} OR attempts + 1 >= ${MOST_ATTEMPTS} THEN 'failed' ELSE 'waiting' END)::notification_status,
      next_try_at = now() +
        least(${FIRST_WAIT_SECONDS} * power(2, attempts), ${LONGEST_WAIT_SECONDS}) * interval '1 second'
    WHERE id = ANY(${idsOf(deliveries)}) AND status = 'waiting'
    RETURNING status`
  await announceRuns(tx, deliveries)
  return countGivenUp(refused)
}

/** The service limits the rate, which is no attempt. Returns how many are given up. */
export async function recordLater(
  tx: Transaction,
  deliveries: Delivery[],
  { reason, waitMs }: { reason: string; waitMs: number },
): Promise<number> {
  const delayed = await tx.$queryRaw<{ status: string }[]>`
    UPDATE notifications SET
      last_error = ${reason},
      status = (CASE WHEN coalesce(resent_at, created_at) < now() - ${MOST_DAYS} * interval '1 day' THEN 'failed' ELSE 'waiting' END)::notification_status,
      next_try_at = now() + ${waitMs} * interval '1 millisecond'
    WHERE id = ANY(${idsOf(deliveries)}) AND status = 'waiting'
    RETURNING status`
  await announceRuns(tx, deliveries)
  return countGivenUp(delayed)
}

const countGivenUp = (rows: { status: string }[]) => rows.filter(({ status }) => status === 'failed').length

/** The chat takes its next message after so long. */
export async function recordNextSend(tx: Queryable, channelId: number, waitMs: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE channels SET next_send_at = now() + ${waitMs} * interval '1 millisecond' WHERE id = ${channelId}`
}

const idsOf = (deliveries: Delivery[]) => deliveries.map(({ id }) => id)

async function announceRuns(tx: Transaction, deliveries: Delivery[]): Promise<void> {
  const runs = new Set(deliveries.flatMap(({ runId }) => runId ?? []))
  for (const id of runs) await announceChange(tx, { topic: 'run', id })
}
