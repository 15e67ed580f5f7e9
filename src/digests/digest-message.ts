import { formatDuration, formatNumber } from '../lib/format.ts'
import type { Locale } from '../lib/i18n.ts'
import { oneLine } from '../lib/text.ts'
import { renderHtml, translator, unsubscribeOf } from '../notifications/mail/render.ts'
import type { Message } from '../notifications/message.ts'
import type { Week } from './collect-digest.ts'

const MOST_ITEMS = 20
const MOST_TESTS = 5

interface Section {
  title: string
  rows: { label: string; value: string }[]
}

const EVENT = 'digest.week'

export function digestMessage(week: Week, project: string, publicUrl: string): Message {
  const url = `${publicUrl}/tests`
  const headOf = (locale: Locale) => {
    const count = sum(week, 'runs')
    const about = { project, count, number: formatNumber(locale, count) }
    const t = translator(locale)
    return { subject: oneLine(t('digest:subject', about)), headline: t('digest:headline', about) }
  }
  return {
    ...{ event: EVENT, runId: null },
    async mailIn(locale, why) {
      const t = translator(locale)
      const { subject, headline } = headOf(locale)
      const sections = sectionsOf(week, locale)
      const unsubscribe = unsubscribeOf(why, t)
      const letter = {
        ...{ projectName: project, headline, preheader: subject, sections, url, action: t('digest:open') },
        ...{ why: t(why.key, { project, ...why.params }), unsubscribe },
      }
      const end = ['-- ', letter.why, ...(unsubscribe ? [`${unsubscribe.label}: ${unsubscribe.url}`] : [])]
      const parts = [[headline], ...sections.map(linesOf), [`${letter.action}: ${url}`], end]
      const text = `${parts.map(lines => lines.join('\n')).join('\n\n')}\n`
      return { subject, html: renderHtml('digest', locale, letter), text, chart: null }
    },
    chatIn(locale) {
      const { subject } = headOf(locale)
      const [totals, ...rest] = sectionsOf(week, locale)
      const links = [{ label: translator(locale)('digest:open'), url }]
      return { title: subject, summary: totals ? linesOf(totals) : [], details: rest.flatMap(linesOf), links }
    },
    webhookBody: async () => ({ week: { ...week } }),
  }
}

const linesOf = ({ title, rows }: Section) => [
  title,
  ...rows.map(({ label, value }) => `- ${label}: ${value}`),
]

type Count = 'runs' | 'passed' | 'failed' | 'errors' | 'started' | 'waitedMs'
const sum = ({ items }: Week, name: Count) => items.reduce((total, item) => total + item[name], 0)

function sectionsOf(week: Week, locale: Locale): Section[] {
  const t = translator(locale)
  const duration = (ms: number) => formatDuration(locale, ms)
  const number = (value: number) => formatNumber(locale, value)
  const verdicts = (['passed', 'failed', 'errors'] as const).map(name => ({
    ...{ label: t(`digest:${name}`), value: number(sum(week, name)) },
  }))
  const started = sum(week, 'started')
  const waits = started && {
    average: duration(sum(week, 'waitedMs') / started),
    longest: duration(Math.max(...week.items.map(({ longestWaitMs }) => longestWaitMs))),
  }
  const named = ({ name, suite }: { name: string; suite: string }) =>
    oneLine(suite ? `${suite} › ${name}` : name)
  const tests = (key: 'flakiest' | 'slowest', show: (value: number) => string): Section => ({
    title: t(`digest:${key}`),
    rows: week[key].slice(0, MOST_TESTS).map(test => ({ label: named(test), value: show(test.value) })),
  })
  const items = week.items.toSorted((a, b) => b.failed + b.errors - a.failed - a.errors || b.runs - a.runs)
  const sections: Section[] = [
    {
      title: t('digest:runs'),
      rows: [...verdicts, ...(waits ? [{ label: t('digest:wait'), value: t('digest:waits', waits) }] : [])],
    },
    {
      title: t('digest:items'),
      rows: items.slice(0, MOST_ITEMS).map(({ name, runs, passed }) => ({
        ...{
          label: oneLine(name),
          value: t('digest:passed_of', { passed: number(passed), runs: number(runs) }),
        },
      })),
    },
    tests('flakiest', value => t('digest:times', { count: value })),
    tests('slowest', duration),
  ]
  return sections.filter(({ rows }) => rows.length)
}
