import type { Locale } from '../../lib/i18n.ts'
import { translator } from './render.ts'
import type { RunView } from './run-view.ts'

export function plainText(view: RunView, locale: Locale): string {
  const t = translator(locale)
  const pair = (label: string, value: string) => t('pair', { label, value })
  const sections = [
    [`${view.state} — ${view.headline}`, view.subline],
    view.trouble ? [view.trouble.title, ...view.trouble.lines] : [],
    testLines(view.changes),
    testLines(view.flaky),
    view.noFigures
      ? [view.noFigures.text, ...view.noFigures.tried.map(({ url, result }) => `- ${pair(url, result)}`)]
      : [],
    [
      ...(view.passRate ? [pair(t('pages:figure.pass_rate'), view.passRate)] : []),
      ...view.figures.map(({ label, count }) => pair(label, count)),
    ],
    view.facts.map(({ label, value, url, note }) => {
      const link = url && url !== value ? ` <${url}>` : ''
      return pair(label, `${value}${link}${note ? ` (${note})` : ''}`)
    }),
    view.steps.map(({ label, duration }) => pair(label, duration)),
    ['-- ', view.why, ...(view.unsubscribe ? [pair(view.unsubscribe.label, view.unsubscribe.url)] : [])],
  ]
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function testLines(list: RunView['changes']): string[] {
  if (!list) return []
  const { title, tests, more, rest } = list
  const names = tests.map(({ name, suite }) => `- ${suite ? `${suite} › ${name}` : name}`)
  return [title, ...names, ...[more, rest].filter(line => line !== null)]
}
