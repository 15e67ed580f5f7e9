import { basename } from 'node:path'
import type { Response } from 'express'
import { z } from 'zod'
import type { RunOutcome } from '../generated/prisma/enums.ts'
import { fieldsOf, idOf, offsetOf, page, press } from '../http/page.ts'
import { flash } from '../http/view.ts'
import { notFound } from '../lib/errors.ts'
import { buildUrl, linkable, packageUrl } from '../lib/links.ts'
import { OUTCOMES } from '../lib/report-summary.ts'
import { ACTIVE, isTerminal } from '../lib/run-status.ts'
import { findMailOfRun, getMail } from '../notifications/notifications.ts'
import { getParameterSet } from '../parameter-sets/parameter-sets.ts'
import { getSettings } from '../settings/settings.ts'
import { listTestItems } from '../test-items/test-items.ts'
import { listQueue } from './queue.ts'
import { readLogTail } from './run-log.ts'
import { cancelRun, type FullRun, getRun, listPeople, listRuns, mayCancel, type RunFilter } from './runs.ts'
import { findToldTests } from './test-results.ts'
import { retryRun, triggerRun } from './trigger-run.ts'

/** Of those that newly fail, for one; a page stays small however many there are. */
const TESTS_IN_GROUP = 20

// What a reader calls a state: COMPLETED is told by what the tests said.
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

export const showRuns = page('user', async (ctx, { req, res }) => {
  const query = fieldsOf(req.query)
  const filter = filterQuery.parse(query)
  const [runs, queue, items, people] = await Promise.all([
    listRuns(ctx.db, {
      ...chosenBy(filter.status),
      testItemId: filter.test_item_id,
      triggeredBy: filter.triggered_by,
      limit: 20,
      offset: offsetOf(query.offset),
    }),
    listQueue(ctx.db),
    listTestItems(ctx.db),
    listPeople(ctx.db),
  ])
  ctx.view.render(res, 'pages/runs', { runs, queue, items, people, filter, states: STATES })
})

function chosenBy(state: State | undefined): Pick<RunFilter, 'statuses' | 'outcome'> {
  if (!state) return {}
  return isOutcome(state) ? { statuses: ['COMPLETED'], outcome: state } : { statuses: [state] }
}

function isOutcome(state: State): state is RunOutcome {
  return (OUTCOMES as readonly string[]).includes(state)
}

export const showRun = page('user', async (ctx, { req, res, person }) => {
  const run = await getRun(ctx.db, idOf(req))
  const finished = isTerminal(run.status)
  const [settings, mail, queue, parameterSet, changes, log] = await Promise.all([
    getSettings(ctx.db),
    findMailOfRun(ctx.db, run.id),
    finished ? [] : listQueue(ctx.db),
    run.parameterSetId ? getParameterSet(ctx.db, run.parameterSetId) : null,
    findToldTests(ctx.db, run.id, TESTS_IN_GROUP),
    readLogTail(ctx.db, run.id),
  ])
  const steps = latestAttempts(run.steps)
  const previousRunId = changes?.comparison.previousRunId
  ctx.view.render(res, 'pages/run', {
    run: { ...run, parameterSet },
    steps,
    failedStep: steps.find(step => step.status === 'FAILED' && step.name !== 'notify')?.name ?? null,
    changes,
    previousIsKept: !!previousRunId && (await ctx.db.run.count({ where: { id: previousRunId } })) > 0,
    log,
    queue: queue.find(entry => entry.run.id === run.id) ?? null,
    mails: mail ? [mail] : [],
    mayCancel: !finished && mayCancel(run, person),
    packageName: run.downloadPath && basename(run.downloadPath),
    links: {
      jenkins: buildUrl(settings.package_build_info_base_url, run.jobName, run.buildNumber),
      package: linkable(run.downloadUrl ?? packageUrl(run.packageBaseUrl, run.packagePath)),
      report: linkable(run.reportUrl),
    },
  })
})

/** Steps come oldest first: of a step's attempts the last one counts. */
function latestAttempts(steps: FullRun['steps']): FullRun['steps'] {
  return [...new Map(steps.map(step => [step.name, step])).values()]
}

/** POST /tests/:id/trigger */
export const pressTrigger = page('user', async (ctx, { req, res, person }) => {
  const testItemId = idOf(req)
  await press(res, `/tests/${testItemId}`, async () => {
    return showStarted(res, await triggerRun(ctx, { testItemId }, person))
  })
})

export const pressCancel = page('user', async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await press(res, `/runs/${id}`, async () => {
    await cancelRun(ctx, id, person)
    flash(res, 'done', 'pages:flash.run_cancelled', { run: id })
    return undefined
  })
})

export const pressRetry = page('user', async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await press(res, `/runs/${id}`, async () => {
    return showStarted(res, await retryRun(ctx, id, person))
  })
})

function showStarted(res: Response, { id, queuePosition }: FullRun): string {
  if (queuePosition) flash(res, 'done', 'pages:flash.queued', { run: id, position: queuePosition })
  else flash(res, 'done', 'pages:flash.triggered', { run: id })
  return `/runs/${id}`
}

export const showRunMail = page('user', async (ctx, { req, res }) => {
  const run = await getRun(ctx.db, idOf(req))
  const entry = await findMailOfRun(ctx.db, run.id)
  if (!entry) throw notFound('errors:mail_not_found', { id: run.id })
  const mail = await getMail(ctx.db, entry.id)
  ctx.view.render(res, 'pages/mail', { mail, back: `/runs/${run.id}`, bodyUrl: `/runs/${run.id}/mail/body` })
})

export const showRunMailBody = page('user', async (ctx, { req, res }) => {
  const entry = await findMailOfRun(ctx.db, idOf(req))
  if (!entry) throw notFound('errors:mail_not_found', { id: idOf(req) })
  const mail = await getMail(ctx.db, entry.id)
  ctx.view.sendMailBody(res, mail)
})
