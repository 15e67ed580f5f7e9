import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { EventData } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { Stage, Status, type TestResult } from 'allure-js-commons'
import { createTestResult, FileSystemWriter, md5 } from 'allure-js-commons/sdk/reporter'

type Ended = EventData.TestPass | EventData.TestFail

/** A reporter for `node --test` that writes Allure results into ALLURE_RESULTS_DIR. */
export default async function* allureReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const writer = new FileSystemWriter({ resultsDir: process.env.ALLURE_RESULTS_DIR ?? 'allure-results' })
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details.type === 'suite') continue
    writer.writeResult(allureResult(data))
    yield `${type} ${data.name}\n`
  }
}

function allureResult(ended: Ended): TestResult {
  const suite = basename(ended.file ?? 'tests', '.test.mjs')
  const fullName = `${suite}: ${ended.name}`
  const stop = Date.now()
  return {
    ...createTestResult(randomUUID()),
    name: ended.name,
    fullName,
    historyId: md5(fullName),
    testCaseId: md5(fullName),
    labels: [{ name: 'suite', value: suite }],
    stage: Stage.FINISHED,
    start: Math.round(stop - ended.details.duration_ms),
    stop,
    ...verdict(ended),
  }
}

/** Allure tells a wrong product (`failed`: an assertion) from a broken test (`broken`: any other error). */
function verdict(ended: Ended): Pick<TestResult, 'status' | 'statusDetails'> {
  if (ended.skip !== undefined) return { status: Status.SKIPPED, statusDetails: { message: `${ended.skip}` } }
  if (!('error' in ended.details)) return { status: Status.PASSED, statusDetails: {} }
  const { error } = ended.details
  const thrown = error.cause instanceof Error ? error.cause : error
  return {
    status: thrown.name === 'AssertionError' ? Status.FAILED : Status.BROKEN,
    statusDetails: { message: thrown.message, trace: thrown.stack },
  }
}
