import { isUniqueViolation, type Transaction } from '../database/client.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { loadSchedule, mayStartAny, type PlaceRow } from './load-schedule.ts'
import { type RunStore, recordEvent, StaleRunError } from './record-event.ts'
import { planStarts } from './schedule.ts'

/** Other processes may be faster each time; the next change of a run wakes this one again. */
const MOST_TRIES = 10

export async function startNextRun(store: RunStore, worker: number): Promise<Run | null> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    if (!(await mayStartAny(store.db))) return null
    const schedule = await loadSchedule(store.db)
    const [next] = planStarts(schedule)
    if (!next) return null
    const places = schedule.places.filter(place => next.places.includes(place))
    const started = await startRun(store, next.run.id, places, worker)
    if (started) return started
  }
  return null
}

/** Returns null if another process was faster: the run, an environment or the queue has changed. */
async function startRun(
  store: RunStore,
  id: number,
  places: PlaceRow[],
  worker: number,
): Promise<Run | null> {
  const run = await store.db.run.findUnique({ where: { id } })
  if (run?.status !== 'PENDING') return null
  const environments = places.map(place => ({ id: place.id, name: place.name, url: place.testServerUrl }))
  try {
    return await recordEvent(store, run, { type: 'started', worker, environments }, tx =>
      takeEnvironments(tx, run, environments),
    )
  } catch (error) {
    if (error instanceof StaleRunError || isUniqueViolation(error)) return null
    throw error
  }
}

interface Taken {
  id: number
  name: string
  url: string
}

/** Each is locked, so that none is paused or deleted meanwhile; the unique index says that it is free. */
async function takeEnvironments(tx: Transaction, run: Run, environments: Taken[]): Promise<void> {
  const ids = environments.map(({ id }) => id)
  const ready = await tx.$queryRaw<{ id: number; test_server_url: string }[]>`
    SELECT id, test_server_url FROM environments
    WHERE id IN (${Prisma.join(ids)}) AND state = 'ready' ORDER BY id FOR UPDATE`
  const unchanged = environments.every(({ id, url }) =>
    ready.some(row => row.id === id && row.test_server_url === url),
  )
  if (!unchanged) throw new StaleRunError(run)
  await tx.runEnvironment.createMany({
    data: environments.map(({ id, name, url }, position) => ({
      ...{ runId: run.id, attempt: run.attempt, position, status: 'DOWNLOADING' as const },
      ...{ environmentId: id, environmentName: name, testServerUrl: url },
    })),
  })
}
