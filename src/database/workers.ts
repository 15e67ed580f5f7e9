import type { Queryable } from './client.ts'
import { type Lifeline, LOCK_CLASS } from './lifeline.ts'

/** How long a process may take to reconnect before it counts as gone. */
const GRACE_SECONDS = 2

/** Returns those of the processes that are gone: their locks are free and stay free. Waits 2 s if any is free. */
export async function findGone(db: Queryable, ids: number[], signal?: AbortSignal): Promise<Set<number>> {
  let gone = ids
  const check = async () => {
    const alive = gone.length ? await workers(db) : null
    gone = alive === null ? [] : gone.filter(id => !alive.includes(id))
    return gone.length > 0
  }
  return (await staysTrue(check, signal)) ? new Set(gone) : new Set()
}

export function isAlone(db: Queryable, { id }: Lifeline): Promise<boolean> {
  return staysTrue(async () => (await workers(db))?.every(worker => worker === id) ?? false)
}

async function staysTrue(check: () => Promise<boolean>, signal?: AbortSignal): Promise<boolean> {
  if (!(await check())) return false
  await new Promise(resolve => setTimeout(resolve, GRACE_SECONDS * 1000))
  signal?.throwIfAborted()
  return check()
}

/** Returns the lifeline ids of all workers; null if the server has just started, when they may be reconnecting. */
async function workers(db: Queryable): Promise<number[] | null> {
  const [row] = await db.$queryRaw<{ young: boolean; ids: number[] }[]>`
    SELECT now() - pg_postmaster_start_time() < interval '5 seconds' AS young, coalesce(array_agg(objid::int), '{}') AS ids
    FROM pg_locks
    WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return row && !row.young ? row.ids : null
}
