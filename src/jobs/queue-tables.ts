import type { Queryable, Transaction } from '../database/client.ts'

/** What pg-boss has no call for, on its own tables (version 12). */

export interface ActiveJob {
  name: string
  id: string
}

export function listActiveJobs(db: Queryable, queues: string[]): Promise<ActiveJob[]> {
  return db.$queryRaw`SELECT name, id::text FROM pgboss.job WHERE state = 'active' AND name = ANY(${queues})`
}

/** Jobs that failed just now are not to wait for their retry. */
export async function retryNow(db: Queryable, ids: string[]): Promise<void> {
  await db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry' AND id::text = ANY(${ids})`
}

/** The waiting job of a key starts now, whenever it was to start. */
export async function startNow(tx: Transaction, queue: string, singletonKey: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE pgboss.job SET start_after = now()
    WHERE name = ${queue} AND singleton_key = ${singletonKey} AND state IN ('created', 'retry')`
}
