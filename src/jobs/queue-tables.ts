import type { Queryable, Transaction } from '../database/client.ts'

/** Operations on the tables of pg-boss 12 that it has no call for. */

export interface ActiveJob {
  name: string
  id: string
}

export function listActiveJobs(db: Queryable, queues: string[]): Promise<ActiveJob[]> {
  return db.$queryRaw`SELECT name, id::text FROM pgboss.job WHERE state = 'active' AND name = ANY(${queues})`
}

export async function retryNow(db: Queryable, ids: string[]): Promise<void> {
  await db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry' AND id::text = ANY(${ids})`
}

export async function findRetries(
  db: Queryable,
  queue: string,
  singletonKeys: string[],
): Promise<{ singleton_key: string; start_after: Date }[]> {
  return db.$queryRaw`
    SELECT singleton_key, start_after FROM pgboss.job
    WHERE name = ${queue} AND state = 'retry' AND singleton_key = ANY(${singletonKeys})`
}

export async function startNow(tx: Transaction, queue: string, singletonKey: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE pgboss.job SET start_after = now()
    WHERE name = ${queue} AND singleton_key = ${singletonKey} AND state IN ('created', 'retry')`
}

/** The waiting mails without a job that sends them, in the order of their ids. */
export async function findUnqueuedMails(
  db: Queryable,
  queue: string,
  { after, most }: { after: number; most: number },
): Promise<number[]> {
  const mails = await db.$queryRaw<{ id: number }[]>`
    SELECT id FROM notifications mail
    WHERE status = 'waiting' AND kind = 'mail' AND id > ${after} AND NOT EXISTS (
      SELECT FROM pgboss.job
      WHERE name = ${queue} AND policy = 'exclusive' AND state <= 'active'
        AND coalesce(singleton_key, '') = mail.id::text)
    ORDER BY id LIMIT ${most}`
  return mails.map(({ id }) => id)
}
