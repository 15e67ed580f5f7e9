import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable, isLostRace } from '../database/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { recordEvent, StaleRunError } from '../runs/record-event.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { failureFrom } from './failure.ts'
import type { Pipeline } from './pipeline.ts'

const RETRY_AFTER_MS = 1_000
const MOST_RACES = 3

/**
 * Retries while the database is unavailable: nobody else knows, say, the id of an accepted task. Retries, too, where
 * what the event refers to was changed meanwhile.
 */
export async function persistEvent(
  pipeline: Pipeline,
  run: Run,
  event: RunEvent,
  stop: AbortSignal,
): Promise<Run> {
  const { store, log } = pipeline
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await recordEvent(store, run, event)
    } catch (error) {
      if (error instanceof StaleRunError) return findOwnWrite(pipeline, run, error)
      if (isLostRace(error) && attempt < MOST_RACES) continue
      if (!isDatabaseUnavailable(error)) {
        log.error({ runId: run.id, event: event.type, err: error }, 'an event could not be written')
        return recordEvent(store, run, { type: 'failed', error: failureFrom(error) })
      }
      log.warn({ runId: run.id, event: event.type, attempt, err: error }, 'database unavailable: retrying')
      await pause(RETRY_AFTER_MS, undefined, { signal: stop })
    }
  }
}

/** If the confirmation of a commit was lost, the run looks stale, but its claim is still ours. */
async function findOwnWrite({ store }: Pipeline, run: Run, stale: StaleRunError): Promise<Run> {
  const now = await store.db.run.findUnique({ where: { id: run.id } })
  if (now?.claim === run.claim && now.status !== run.status) return now
  throw stale
}
