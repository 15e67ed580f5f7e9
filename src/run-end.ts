import { evaluateRunEnd } from './alerts/evaluate-alerts.ts'
import { notifyFinishedRun } from './channels/notify-finished-run.ts'
import { queueReport } from './kept-reports/kept-reports.ts'
import type { TestResult } from './lib/test-result.ts'
import { collectRunFacts } from './notifications/collect-run-facts.ts'
import { finishedRunMessage, type PresentRun } from './notifications/finished-run.ts'
import { notifyAuthor } from './notifications/notify-author.ts'
import { notifyCallback } from './notifications/notify-callback.ts'
import { type Notifier, notifyRunEnd } from './notifications/notify-run-end.ts'
import { notifyWatchers } from './notifications/notify-watchers.ts'
import type { RunEndHook } from './runs/record-event.ts'
import { countRunOfDay } from './runs/run-days.ts'
import type { RunEvent } from './runs/run-event.ts'
import { compareWithEarlierRuns } from './test-results/earlier-runs.ts'
import { saveComparison } from './test-results/save-comparison.ts'

export function createRunEndHook(notifier: Notifier, presentRun: PresentRun): RunEndHook {
  return async end => {
    const { run, event, change } = end
    const tests = testsIn(event)
    const comparison = tests && (await compareWithEarlierRuns(notifier.db, run, tests))
    const facts = await collectRunFacts(notifier, end, comparison)
    const message = finishedRunMessage(facts, comparison, presentRun)
    const toTriggerer = await notifyRunEnd(notifier, end, facts)
    const toWatchers = await notifyWatchers(notifier, end, message, toTriggerer.recipients)
    const mailed = [...toTriggerer.recipients, ...toWatchers.recipients]
    const toAuthor = await notifyAuthor(notifier, end, comparison, message, mailed)
    const writeCallback = await notifyCallback(notifier.db, end, message)
    const writeToChannels = await notifyFinishedRun(notifier, end, message)
    return async tx => {
      if (comparison) await saveComparison(tx, run, comparison)
      for (const { write } of [toTriggerer, toWatchers, toAuthor]) await write(tx)
      await writeCallback(tx)
      await writeToChannels(tx)
      if (change.run.reportUrl) await queueReport(notifier, tx, run.id)
      await evaluateRunEnd(notifier, tx, run.testItemId)
      // Last: the other runs of the item that end wait for it.
      await countRunOfDay(tx, end)
    }
  }
}

/** A report without tests cannot be compared. */
function testsIn(event: RunEvent): TestResult[] | null {
  if (event.type !== 'tested' && event.type !== 'uploaded') return null
  return event.tests?.length ? event.tests : null
}
