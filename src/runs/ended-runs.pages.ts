import * as z from 'zod'
import { fieldsOf, page } from '../http/page.ts'
import { type Locale, toParams, translate } from '../lib/i18n.ts'
import type { ReportSummary } from '../lib/report-summary.ts'
import { stateOf } from '../lib/run-state.ts'
import { type EndedRun, listEndedRuns } from './ended-runs.ts'

/** Milliseconds since 1970. */
const time = z.coerce.number().int().min(0).max(Date.UTC(9999, 0)).optional().catch(undefined)

/** An end is seen when it is committed, a moment after the time that it has. */
const OVERLAP_MS = 10_000

/** What browser notifications say of one's own runs; `now` is what to ask with next time. Some are named again. */
export const showEndedRuns = page(async (ctx, { req, res, person }) => {
  const now = Date.now()
  const since = time.parse(fieldsOf(req.query).since) ?? now
  const from = new Date(Math.max(0, since - OVERLAP_MS))
  const runs = await listEndedRuns(ctx.db, person.email, from)
  res.json({ now, runs: runs.map(run => presentEnded(run, person.locale)) })
})

function presentEnded(run: EndedRun, locale: Locale) {
  const { id, itemName: item, buildNumber: number } = run
  const state = translate(locale, `pages:state.${stateOf(run).word}`)
  const title = translate(locale, 'notify:title', { item, number, state })
  return { id, title, text: textOf(run, locale), url: `/runs/${id}` }
}

function textOf({ id, summary, errorKey, errorParams, errorMessage }: EndedRun, locale: Locale): string {
  if (errorKey) return translate(locale, errorKey, toParams(errorParams))
  if (errorMessage) return errorMessage
  const figures = summary as ReportSummary | null
  if (!figures?.total) return translate(locale, 'notify:run', { id })
  const { passed, failed, broken, total } = figures
  return translate(locale, 'notify:figures', { passed, failed: failed + broken, total })
}
