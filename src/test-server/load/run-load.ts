import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../processes/run-command.ts'
import type { LoadSuite } from '../services/test-suite.ts'
import type { LoadResult } from '../tasks/task.ts'
import { type TestContext, testEnvironment } from '../tests/environment.ts'
import { supervise } from '../tests/limits.ts'
import { attemptFolder } from '../tests/results.ts'
import { type TestEnd, WHOLE } from '../tests/run-tests.ts'
import { workingDirectory } from '../tests/scripts.ts'
import { isWorker, loadEnvironment, loadFiles, locustCommand } from './locust.ts'
import { chooseStages } from './stages.ts'
import { loadAsResults, loadResult, readTotals } from './totals.ts'

const MARGIN_MS = 60_000

export interface LoadEnd extends TestEnd {
  load?: LoadResult
}

/** Runs a load test to its end. Where it is stopped it is ramped down first. */
export async function runLoad(context: TestContext, suite: LoadSuite): Promise<LoadEnd> {
  const { tools, cookie, submission, service, scripts } = context
  const files = loadFiles(tools.folder)
  const work = join(tools.folder, 'work')
  const stages = chooseStages(submission.stages, suite.stages)
  await rm(files.stop, { force: true })
  const start = Date.now()
  const planned = stages.reduce((sum, { duration }) => sum + duration, 0)
  const timeLimitMs = Math.max(suite.time_limit, planned + suite.ramp_down + MARGIN_MS)
  const supervision = supervise({ ...{ timeLimitMs, limits: suite.limits, cookie, folder: work }, ...tools })
  try {
    const { exitCode, tail } = await runCommand(locustCommand(suite, submission, service.address), {
      ...{ cookie, signal: supervision.signal, write: supervision.write },
      cwd: await workingDirectory(scripts, suite.directory),
      env: { ...(await testEnvironment(context)), ...loadEnvironment(files, stages, suite.ramp_down) },
      stop: { ask: () => writeFile(files.stop, ''), withinMs: suite.ramp_down + STOP_MS },
    })
    if (exitCode === 0 && isWorker(submission)) return WHOLE
    return exitCode === 0 ? await finished(context, suite, start) : died(exitCode, tail)
  } catch (error) {
    if (tools.signal.aborted || !supervision.signal.aborted) throw error
    return { problem: (error as Error).message, limit: true }
  } finally {
    supervision.end()
  }
}

/** Beyond the ramp-down, for the engine to write down its figures. */
const STOP_MS = 15_000

async function finished(
  { tools, submission }: TestContext,
  suite: LoadSuite,
  start: number,
): Promise<LoadEnd> {
  const totals = await readTotals(loadFiles(tools.folder).totals)
  if (totals === null) return { problem: 'The load test wrote down no figures', limit: false }
  const thresholds = { ...suite.thresholds, ...submission.thresholds }
  const folder = join(attemptFolder(join(tools.folder, 'work'), 1), 'allure')
  await mkdir(folder, { recursive: true })
  for (const result of loadAsResults(totals, thresholds, { start, stop: Date.now() }))
    await writeFile(join(folder, `${result.uuid}-result.json`), JSON.stringify(result))
  return { ...WHOLE, load: loadResult(totals, thresholds) }
}

function died(exitCode: number | null, tail: string): LoadEnd {
  const how = exitCode === null ? 'was killed' : `ended with exit status ${exitCode}`
  return { problem: `The load test ${how}. The end of its output:\n${tail.trim()}`, limit: false }
}
