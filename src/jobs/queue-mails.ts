import type { Context } from '../context.ts'
import type { Queryable } from '../database/client.ts'
import { type JobQueue, MAIL_QUEUE } from './queue.ts'
import { findUnqueuedMails } from './queue-tables.ts'

const BATCH = 500

export async function queueMails(ctx: Context): Promise<void> {
  if (ctx.mailer.configured) await queueWaitingMails(ctx)
}

/** Queues the mails that wait without a job. Returns how many. */
export async function queueWaitingMails({
  db,
  queue: { boss },
}: {
  db: Queryable
  queue: JobQueue
}): Promise<number> {
  let count = 0
  let last = 0
  for (;;) {
    const ids = await findUnqueuedMails(db, MAIL_QUEUE, { after: last, most: BATCH })
    const jobs = ids.map(notificationId => ({ data: { notificationId }, singletonKey: `${notificationId}` }))
    if (jobs.length) await boss.insert(MAIL_QUEUE, jobs)
    count += ids.length
    last = ids.at(-1) ?? last
    if (ids.length < BATCH) return count
  }
}
