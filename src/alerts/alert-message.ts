import type { AlertRuleModel as AlertRule, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { formatDuration, formatPercent } from '../lib/format.ts'
import type { Locale, Params } from '../lib/i18n.ts'
import { formatInstant, translator } from '../notifications/mail/render.ts'
import type { Message } from '../notifications/message.ts'
import { noticeMessage } from '../notifications/notice-message.ts'
import type { Assessment } from './assess-rule.ts'

interface About {
  rule: AlertRule
  item: Pick<TestItem, 'id' | 'name'>
  assessment: Assessment
  project: string
  publicUrl: string
}

export function alertMessage({ rule, item, assessment, project, publicUrl }: About): Message {
  const { holds, runId, kind } = assessment
  const which = holds ? 'begins' : 'over'
  return noticeMessage({
    ...{ event: `alert.${which}`, runId, project, tone: holds ? 'warn' : 'passed' },
    url: kind === 'no_run' ? `${publicUrl}/tests/${item.id}` : `${publicUrl}/runs/${runId}`,
    body: {
      alert: { rule: rule.name, kind, threshold: rule.threshold, holds },
      test_item: { id: item.id, name: item.name },
    },
    wordsIn(locale) {
      const t = translator(locale)
      const about = { name: item.name, rule: rule.name, project, ...figuresIn(locale, rule, assessment) }
      return {
        subject: t(`alerts:rule.${kind}.${which}.subject`, about),
        headline: t(`alerts:rule.${kind}.${which}.headline`, about),
        text: t(`alerts:rule.${kind}.${which}.text`, about),
        action: t(kind === 'no_run' ? 'alerts:open_item' : 'open_run'),
      }
    },
  })
}

function figuresIn(locale: Locale, { threshold }: AlertRule, assessment: Assessment): Params {
  if (assessment.kind === 'pass_rate')
    return { rate: formatPercent(locale, assessment.rate), least: formatPercent(locale, threshold) }
  if (assessment.kind === 'no_run') return { count: threshold, last: formatInstant(assessment.lastAt) }
  const { ms, usualMs } = assessment
  return { took: formatDuration(locale, ms), usual: formatDuration(locale, usualMs) }
}
