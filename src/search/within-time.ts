import type pg from 'pg'

export type Ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => Promise<Row[]>

const CANCELLED = '57014'

/** Asks on one connection, one after the other, for `ms` in all. What does not end in time has no result. */
export async function withinTime<T>(
  pool: pg.Pool,
  ms: number,
  questions: ((ask: Ask) => Promise<T>)[],
): Promise<{ results: T[]; late: number }> {
  const client = await pool.connect()
  const end = performance.now() + ms
  const results: T[] = []
  let late = 0
  try {
    for (const question of questions) {
      const result = await unlessLate(question(asking(client, end)))
      if (result === LATE) late += 1
      else results.push(result)
    }
    await client.query('RESET statement_timeout')
    client.release()
  } catch (error) {
    // Not back to the pool: its timeout may still be changed.
    client.release(true)
    throw error
  }
  return { results, late }
}

function asking(client: pg.ClientBase, end: number): Ask {
  return async <Row extends pg.QueryResultRow>(text: string, values: unknown[]) => {
    const left = Math.floor(end - performance.now())
    if (left <= 0) throw new Late()
    await client.query(`SET statement_timeout = ${left}`)
    return (await client.query<Row>(text, values)).rows
  }
}

class Late extends Error {}

const LATE = Symbol('late')

async function unlessLate<T>(result: Promise<T>): Promise<T | typeof LATE> {
  try {
    return await result
  } catch (error) {
    if (error instanceof Late || (error as { code?: unknown }).code === CANCELLED) return LATE
    throw error
  }
}
