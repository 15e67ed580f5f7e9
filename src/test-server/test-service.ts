import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, historyFile, testCookie } from './context.ts'
import { isWorker } from './load/locust.ts'
import { type LoadEnd, runLoad } from './load/run-load.ts'
import { killProcesses } from './processes/cookie.ts'
import type { Service } from './services/service.ts'
import type { TestSuite } from './services/test-suite.ts'
import type { Submission } from './submission.ts'
import type { Attempt, TestResult, WorkTools } from './tasks/task.ts'
import type { AllureResult } from './tests/allure-result.ts'
import { generateReport, historyIds, nameKey, publishReport, reportUrl } from './tests/report.ts'
import { outcomeOf, readResults, type TestAttempt, type TestOutcome, writeResults } from './tests/results.ts'
import { runTests } from './tests/run-tests.ts'
import { obtainScripts } from './tests/scripts.ts'

export interface Tested {
  end: LoadEnd
  result: TestResult
}

export async function testService(
  context: Context,
  service: Service,
  suite: TestSuite,
  { submission, unpacked, tools }: { submission: Submission; unpacked: string; tools: WorkTools },
): Promise<Tested> {
  const cookie = testCookie(context, service.name, tools.taskId)
  const scripts = await obtainScripts(submission, unpacked, tools)
  const testContext = { ...context, service, suite, submission, unpacked, scripts, tools, cookie }
  try {
    const end: LoadEnd =
      suite.kind === 'load' ? await runLoad(testContext, suite) : await runTests(testContext, suite)
    const worker = suite.kind === 'load' && isWorker(submission) && end.problem === null
    const found = worker
      ? workedFor(submission)
      : await reportOn(context, service, submission, tools, end.problem)
    const { sha256 } = scripts
    return {
      end,
      result: {
        ...found,
        ...(end.load && { load: end.load }),
        ...(sha256 !== undefined && { scripts_sha256: sha256 }),
      },
    }
  } finally {
    await killProcesses(cookie)
  }
}

function workedFor({ peers = [] }: Submission): TestResult {
  return {
    skipped: true,
    reason: `It generated load for ${peers[0]?.name}, which has the report`,
    report_url: 'None',
  }
}

/** Publishes a report on what the tests have left so far; `problem`: why that is not all. */
export async function reportOn(
  context: Context,
  service: Service,
  submission: Submission,
  tools: WorkTools,
  problem: string | null,
): Promise<TestResult> {
  if (problem === null) return await publish(context, service, submission, tools, problem)
  try {
    return { ...(await publish(context, service, submission, tools, problem)), partial: true }
  } catch (error) {
    tools.signal.throwIfAborted()
    // Why the tests did not come to their end matters more, a full disk for one.
    tools.write(`${(error as Error).message}\n`)
    return { report_url: 'None', partial: true }
  }
}

async function publish(
  context: Context,
  service: Service,
  submission: Submission,
  tools: WorkTools,
  problem: string | null,
): Promise<TestResult> {
  const { report_keyword, base_url } = submission
  const work = join(tools.folder, 'work')
  const { outcomes, attempts } = await readResults(work)
  if (outcomes.length === 0) return { report_url: 'None' }
  const results = join(work, 'results')
  // There may be some of a process that was killed.
  await rm(results, { recursive: true, force: true })
  await writeResults(work, results, problem === null ? outcomes : [...outcomes, cutShort(problem)])
  const report = await generateReport({
    ...{ results, tools, name: problem === null ? report_keyword : `${report_keyword} (partial)` },
    historyFile: historyFile(context, service.name),
    cookie: testCookie(context, service.name, tools.taskId),
  })
  const folder = await publishReport(report, report_keyword, context)
  await tools.note({ report_folder: folder })
  const again = await shownAttempts(attempts, historyFile(context, service.name))
  return { report_url: reportUrl(folder, base_url, context), ...(again.length > 0 && { attempts: again }) }
}

/** Stands in the report for the tests that are missing from it. */
function cutShort(problem: string): TestOutcome {
  const name = 'The tests did not come to their end'
  const result: AllureResult = {
    ...{ uuid: crypto.randomUUID(), name, fullName: name, historyId: name, testCaseId: name, labels: [] },
    ...{ status: 'broken', stage: 'finished', start: Date.now(), stop: Date.now() },
    statusDetails: { message: problem },
  }
  return outcomeOf(result)
}

async function shownAttempts(attempts: TestAttempt[], history: string): Promise<Attempt[]> {
  if (attempts.length === 0) return []
  const ids = await historyIds(history)
  return attempts.map(({ key, name, fullName, attempt, status }) => ({
    test: ids.get(nameKey(fullName, name)) ?? key,
    ...{ name, attempt, status },
  }))
}
