import type { Context } from '../context.ts'
import type { PageOf } from '../database/paging.ts'
import type { StepModel as Step, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { type Form, fieldsOf, offsetOf, type PageRequest, page, submitForm } from '../http/page.ts'
import { template } from '../http/view.ts'
import { type NextSyncOf, nextSyncsBy } from '../job-versions/job.pages.ts'
import type { Person } from '../lib/person.ts'
import { type Queue, type QueueEntry, readQueue } from '../runs/queue.ts'
import { findRunningStep } from '../runs/runs.ts'
import { findSetupHint, type SetupHint } from '../setup/missing.ts'
import { mayTrigger } from '../test-items/allowed-triggerers.ts'
import { createTestItem } from '../test-items/test-items.ts'
import { CARD_STATES, type CardFilter } from './find-items.ts'
import { type Choices, itemIn, listChoices, withTypedValues } from './item-form.pages.ts'
import { countRunsWithVerdict, type ItemOverview, listItemOverviews } from './overview.ts'
import { listPins } from './pins.ts'
import { verdictAge } from './verdict-age.ts'

interface TestsPage extends Choices {
  cards: PageOf<ItemOverview>
  filter: CardFilter
  cardStates: typeof CARD_STATES
  nextSyncOf: NextSyncOf
  verdictAge: typeof verdictAge
  queue: Queue
  active: { run: QueueEntry['run']; step: Step | null } | null
  week: { judged: number; passed: number }
  form: Form | undefined
  setup: SetupHint | null
  mayTrigger: (item: TestItem) => boolean
}

const testsPage = template<TestsPage>('pages/tests')
const ITEMS_PER_PAGE = 25
/** The first of them may start at once; some of the others are shown. */
const QUEUE_READ = 30
const RUNS_IN_STRIP = 14
const WEEK_MS = 7 * 24 * 3_600_000
export const showTests = page(async (ctx, request) => renderTests(ctx, request))

async function renderTests(
  ctx: Context,
  { req, res, person }: PageRequest,
  form?: Form,
  status?: number,
): Promise<void> {
  const query = fieldsOf(req.query)
  const filter = filterIn(query, person)
  const pinned = await listPins(ctx.db, person.email)
  const window = { runsEach: RUNS_IN_STRIP, limit: ITEMS_PER_PAGE, offset: offsetOf(query.offset) }
  const shown = { ...filter, pinned, ...window }
  const [cards, queue, week, choices] = await ctx.sharedReads.read(`tests ${JSON.stringify(shown)}`, () =>
    Promise.all([
      listItemOverviews(ctx, shown),
      readQueue(ctx.db, { most: QUEUE_READ }),
      countRunsWithVerdict(ctx.db, new Date(Date.now() - WEEK_MS)),
      listChoices(ctx),
    ]),
  )
  const [head] = [...queue.active, ...queue.waiting.filter(({ position }) => position === null)]
  const active = head ? { run: head.run, step: await findRunningStep(ctx.db, head.run.id) } : null
  const rights = { mayTrigger: (item: TestItem) => mayTrigger(item, person) }
  const settings = await ctx.settings.get()
  const setup = await findSetupHint(ctx.db, settings, ctx.config.adminEmails)
  const helpers = { cardStates: CARD_STATES, nextSyncOf: nextSyncsBy(settings), verdictAge }
  const tests = { cards, filter, queue, active, week, form, setup, ...rights, ...helpers }
  ctx.view.render(res, testsPage, { ...tests, ...choices }, status)
}

function filterIn({ q, state, mine }: Record<string, string | undefined>, person: Person): CardFilter {
  return {
    search: q?.trim().slice(0, 200) || undefined,
    state: CARD_STATES.find(each => each === state),
    mine: mine ? person.email : undefined,
  }
}

export const submitNewItem = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const item = await createTestItem(ctx, await itemIn(ctx, request.req.body), request.person)
      flash(request.res, 'done', 'pages:flash.item_created', { item: item.name })
      return '/tests'
    },
    (form, status) => renderTests(ctx, request, withTypedValues(request, form), status),
    'name',
  ),
)
