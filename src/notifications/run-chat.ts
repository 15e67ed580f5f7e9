import type { ChatMessage } from '../external/chat/index.ts'
import type { Locale } from '../lib/i18n.ts'
import { TONES } from './mail/colours.ts'
import type { RunFacts } from './run-facts.ts'
import { runMessage, type TestList } from './run-message.ts'

const MAX_NAMED = 5
const MAX_LINE = 200
const MAX_TROUBLE_LINES = 3

/** The same as the mail, in short. */
export function runChat(run: RunFacts, locale: Locale): ChatMessage {
  const { subject, tone, triggeredBy, trouble, changes, flaky, actions } = runMessage(run, locale, MAX_NAMED)
  const { job, number } = run.build
  const counts = [changes?.title, changes?.rest, flaky?.title].filter(line => line != null)
  return {
    title: `${TONES[tone].sign} ${subject}`,
    summary: [`${job} #${number} · ${triggeredBy}`, ...counts],
    details: [...(trouble?.lines.slice(0, MAX_TROUBLE_LINES) ?? []), ...named(changes)].map(cut),
    links: actions,
  }
}

function named(list: TestList | null): string[] {
  if (!list) return []
  const names = list.tests.map(({ name, suite }) => (suite ? `${suite} › ${name}` : name))
  return [...names, ...(list.more ? [list.more] : [])]
}

function cut(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE).toWellFormed()}…` : line
}
