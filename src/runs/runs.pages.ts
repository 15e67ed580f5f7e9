import * as z from 'zod'
import type { PageOf } from '../database/paging.ts'
import { hasSeveral } from '../environments/usage.ts'
import type { RunOutcome } from '../generated/prisma/enums.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { fieldsOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { OUTCOMES } from '../lib/report-summary.ts'
import { ACTIVE } from '../lib/run-status.ts'
import { listTestItems } from '../test-items/test-items.ts'
import { type Queue, readQueue } from './queue.ts'
import { type FullRun, listPeople, listRuns, type RunFilter } from './runs.ts'

const STATES = ['PENDING', ...ACTIVE, ...OUTCOMES, 'DEPLOY_COMPLETE', 'FAILED', 'CANCELLED'] as const
type State = (typeof STATES)[number]

const filterQuery = z.object({
  status: z.enum(STATES).optional().catch(undefined),
  test_item_id: z.coerce.number().int().positive().max(2_147_483_647).optional().catch(undefined),
  triggered_by: z
    .string()
    .trim()
    .toLowerCase()
    .max(254)
    .optional()
    .catch(undefined)
    .transform(email => email || undefined),
})

interface RunsPage {
  runs: PageOf<FullRun>
  queue: Queue
  queuePaused: boolean
  several: boolean
  items: TestItem[]
  people: string[]
  filter: z.output<typeof filterQuery>
  states: readonly State[]
}
/** A long queue is cut before it makes the page heavy. */
const QUEUE_SHOWN = 100

const runsPage = template<RunsPage>('pages/runs')

export const showRuns = page(async (ctx, { req, res }) => {
  const query = fieldsOf(req.query)
  const filter = filterQuery.parse(query)
  const shown = {
    ...chosenBy(filter.status),
    testItemId: filter.test_item_id,
    triggeredBy: filter.triggered_by,
    limit: 20,
    offset: offsetOf(query.offset),
  }
  const [runs, queue, items, people, several, settings] = await Promise.all([
    ctx.sharedReads.read(`runs ${JSON.stringify(shown)}`, () => listRuns(ctx, shown)),
    ctx.sharedReads.read('queue', () => readQueue(ctx.db, { most: QUEUE_SHOWN })),
    ctx.sharedReads.read('test items', () => listTestItems(ctx.db)),
    ctx.sharedReads.read('people', () => listPeople(ctx.db)),
    ctx.sharedReads.read('several environments', () => hasSeveral(ctx.db)),
    ctx.settings.get(),
  ])
  const queuePaused = settings.queue_paused
  ctx.view.render(res, runsPage, { runs, queue, queuePaused, several, items, people, filter, states: STATES })
})

function chosenBy(state: State | undefined): Pick<RunFilter, 'statuses' | 'outcome'> {
  if (!state) return {}
  return isOutcome(state) ? { statuses: ['COMPLETED'], outcome: state } : { statuses: [state] }
}

function isOutcome(state: State): state is RunOutcome {
  return (OUTCOMES as readonly string[]).includes(state)
}
