import type { Locale } from '../../lib/i18n.ts'
import type { ReportSummary } from '../../lib/report-summary.ts'
import type { Why } from '../message.ts'
import type { RunFacts } from '../run-facts.ts'
import { type RenderedMail, renderHtml } from './render.ts'
import { plainText } from './run-text.ts'
import { viewOf } from './run-view.ts'

export async function renderRunMail(
  run: RunFacts,
  locale: Locale,
  why?: Why,
): Promise<RenderedMail & { chart: Buffer | null }> {
  const { summary } = run.report
  const chart = run.status === 'COMPLETED' && summary ? await draw(summary) : null
  const view = viewOf(run, locale, why)
  return {
    subject: view.subject,
    html: renderHtml('run', locale, { ...view, hasChart: chart !== null }),
    text: plainText(view, locale),
    chart,
  }
}

/** The renderer is loaded at the first mail with figures. */
async function draw(summary: ReportSummary): Promise<Buffer | null> {
  const { drawDoughnut } = await import('./doughnut.ts')
  return drawDoughnut(summary)
}
