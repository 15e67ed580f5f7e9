import type { Locale } from '../../lib/i18n.ts'
import { drawDoughnut } from './doughnut.ts'
import { type RenderedMail, renderHtml } from './render.ts'
import type { RunMail } from './run-facts.ts'
import { plainText } from './run-text.ts'
import { viewOf } from './run-view.ts'

export function renderRunMail(run: RunMail, locale: Locale): RenderedMail & { chart: Buffer | null } {
  const { summary } = run.report
  const chart = run.status === 'COMPLETED' && summary ? drawDoughnut(summary) : null
  const view = viewOf(run, locale)
  return {
    subject: view.subject,
    html: renderHtml('run', locale, { ...view, hasChart: chart !== null }),
    text: plainText(view, locale),
    chart,
  }
}
