import type { Database } from '../../src/database/client.ts'

interface Held {
  runId: number
  environmentId: number
  createdAt: number
  from: number
  to: number
}

/** Who held which environment when, by the times in the database. */
export async function readTimeline(db: Database) {
  const rows = await db.runEnvironment.findMany({ include: { run: true }, orderBy: { id: 'asc' } })
  const held = rows.map(
    (row): Held => ({
      ...{ runId: row.runId, environmentId: row.environmentId ?? 0, createdAt: row.run.createdAt.getTime() },
      ...{ from: row.startedAt.getTime(), to: row.releasedAt?.getTime() ?? Infinity },
    }),
  )
  return {
    held,
    /** Two runs in one environment. */
    overlaps: () =>
      held.flatMap(a =>
        held
          .filter(b => b !== a && b.environmentId === a.environmentId && a.from < b.from && b.from < a.to)
          .map(b => `run ${b.runId} began while ${a.runId} was in environment ${a.environmentId}`),
      ),
    /** A younger run that began before an older one that had been queued by then. */
    outOfOrder: () =>
      held.flatMap(a =>
        held
          .filter(b => b.runId > a.runId && b.from < a.from && a.createdAt < b.from - 50)
          .map(b => `run ${b.runId} began before ${a.runId}`),
      ),
    /** An environment that was free for longer while a run waited. */
    idle: (most: number) =>
      held.flatMap(a => {
        const waiting = held.filter(b => b.createdAt < a.to && b.from > a.to)
        const next = Math.min(...waiting.filter(b => b.environmentId === a.environmentId).map(b => b.from))
        const noneWaits = Math.max(a.to, ...waiting.map(b => b.from))
        const free = Math.min(next, noneWaits) - a.to
        return free > most
          ? [`environment ${a.environmentId} was free for ${free} ms after run ${a.runId}`]
          : []
      }),
  }
}
