import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommandEnd, runCommand } from '../processes/run-command.ts'
import { type Command, commandLine } from '../processes/start-process.ts'
import type { CommandSuite } from '../services/test-suite.ts'
import { type TestContext, testEnvironment } from './environment.ts'
import { type Supervision, supervise } from './limits.ts'
import { attemptFolder, failingOf, readResults } from './results.ts'
import { workingDirectory } from './scripts.ts'

export interface TestEnd {
  /** Null where they came to their own end; else why not. */
  problem: string | null
  limit: boolean
}

export const WHOLE: TestEnd = { problem: null, limit: false }

const KEPT_LINES = 30

/** Runs the command of a service's tests, and again for those that failed. What they find lies in the task's folder. */
export async function runTests(context: TestContext, suite: CommandSuite): Promise<TestEnd> {
  const { tools, cookie, submission } = context
  const retries = submission.test_retries ?? suite.retries
  const { time_limit: timeLimitMs, limits } = suite
  const folder = join(tools.folder, 'work')
  const supervision = supervise({ ...{ timeLimitMs, limits, cookie, folder }, ...tools })
  try {
    const first = await runAttempt(context, suite, supervision, 1)
    for (let attempt = 2; first.problem === null && attempt <= retries + 1; attempt += 1) {
      const { outcomes } = await readResults(folder)
      if (failingOf(outcomes).length === 0) break
      await runAttempt(context, suite, supervision, attempt)
    }
    return first
  } catch (error) {
    // The tests were ended from outside, or at a limit.
    if (tools.signal.aborted || !supervision.signal.aborted) throw error
    return { problem: (error as Error).message, limit: true }
  } finally {
    supervision.end()
  }
}

async function runAttempt(
  context: TestContext,
  suite: CommandSuite,
  { signal, write }: Supervision,
  attempt: number,
): Promise<TestEnd> {
  const { tools, cookie, scripts } = context
  const folder = attemptFolder(join(tools.folder, 'work'), attempt)
  const { command, env } = await attemptCommand(context, suite, folder, attempt)
  write(`$ ${commandLine(command)}${attempt > 1 ? `  (attempt ${attempt})` : ''}\n`)
  const cwd = await workingDirectory(scripts, suite.directory)
  const end = await runCommand(command, {
    ...{ cwd, env, cookie, signal, write },
    maxFileBytes: suite.limits.disk,
  })
  return judge(end, suite, await readResults(join(tools.folder, 'work')))
}

async function attemptCommand(context: TestContext, suite: CommandSuite, folder: string, attempt: number) {
  const { outcomes } = await readResults(join(context.tools.folder, 'work'))
  const failed = join(context.tools.folder, 'work', 'failed-tests.txt')
  await writeFile(
    failed,
    failingOf(outcomes)
      .map(({ fullName }) => `${fullName}\n`)
      .join(''),
  )
  const [allure, junit] = [join(folder, 'allure'), join(folder, 'junit')]
  for (const path of [allure, junit]) await mkdir(path, { recursive: true })
  const command: Command = attempt > 1 ? (suite.retry_command ?? suite.command) : suite.command
  return {
    command,
    env: {
      ...(await testEnvironment(context)),
      ...{ ALLURE_RESULTS_DIR: allure, JUNIT_DIR: junit, TEST_ATTEMPT: `${attempt}`, FAILED_TESTS: failed },
    },
  }
}

/** Tests that fail are a result. A command that ends otherwise than tests do has died. */
function judge(
  { exitCode, tail }: CommandEnd,
  suite: CommandSuite,
  { outcomes }: Awaited<ReturnType<typeof readResults>>,
): TestEnd {
  const how = exitCode === null ? 'were killed' : `ended with exit status ${exitCode}`
  const last = tail.trimEnd().split('\n').slice(-KEPT_LINES).join('\n')
  const died = (what: string): TestEnd => ({ problem: `The tests ${what}. ${lastWords(last)}`, limit: false })
  if (outcomes.length === 0) return died(`left no results and ${how}`)
  if (exitCode === null || !suite.exit_status.includes(exitCode)) return died(how)
  if (exitCode !== 0 && failingOf(outcomes).length === 0) return died(`${how}, though none of them failed`)
  return WHOLE
}

function lastWords(text: string): string {
  return text ? `The end of their output:\n${text}` : 'They wrote nothing.'
}
