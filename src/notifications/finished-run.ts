import type { Transaction } from '../database/client.ts'
import type { Comparison, TestChange } from '../lib/test-result.ts'
import type { Forecast } from '../runs/queue-forecast.ts'
import { renderRunMail } from './mail/run-mail.ts'
import type { Message } from './message.ts'
import { runChat } from './run-chat.ts'
import type { RunFacts } from './run-facts.ts'

/** Presents a run as the API does. A queued one has a forecast of its start. */
export type PresentRun = (tx: Transaction, id: number, forecast?: Forecast | null) => Promise<unknown>

export function finishedRunMessage(
  facts: RunFacts,
  comparison: Comparison | null,
  presentRun: PresentRun,
): Message {
  const { runId } = facts
  return {
    ...{ event: 'run.finished', runId },
    mailIn: (locale, why) => renderRunMail(facts, locale, why),
    chatIn: locale => runChat(facts, locale),
    webhookBody: async tx => ({ run: await presentRun(tx, runId), changes: changesOf(comparison) }),
  }
}

function changesOf(comparison: Comparison | null) {
  const namesOf = (wanted: TestChange) =>
    (comparison?.tests ?? [])
      .filter(({ change }) => change === wanted)
      .map(({ name, suite }) => (suite ? `${suite} › ${name}` : name))
  return {
    new_failures: namesOf('new_failure'),
    fixed: namesOf('fixed'),
    still_failing: namesOf('still_failing').length,
  }
}
