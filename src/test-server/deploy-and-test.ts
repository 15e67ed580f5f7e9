import { cp, glob, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { obtainPackage } from './package.ts'
import { runCommand } from './run-command.ts'
import type { Submission } from './submission.ts'
import type { TaskResult, Work, WorkTools } from './tasks.ts'

const reporter = new URL('./allure-reporter.ts', import.meta.url).href
const allure = fileURLToPath(import.meta.resolve('allure'))

export interface Places {
  /** Packages are installed and their tests run in folders below this one; each is removed afterwards. */
  workDir: string
  /** Reports are published here, one folder each. */
  reportDir: string
  /** Where `reportDir` is served, for a submission whose `base_url` is empty. */
  reportBaseUrl: string
}

/**
 * Deploys for real, if small: unpacks the package, runs the package's own tests (`tests/*.test.mjs`, for
 * `node --test`) and publishes an Allure 3 report of them. `install_dir` is where a big server would put the
 * service; here every task gets a folder of its own, so that no request can write elsewhere.
 */
export function deployAndTest(places: Places): Work {
  return async (submission, tools) => {
    await mkdir(places.workDir, { recursive: true })
    const folder = await mkdtemp(join(places.workDir, 'task-'))
    try {
      const installed = await deploy(submission, folder, tools)
      if (submission.test_path === 'deploy') return deployOnly(submission)
      const results = await test(submission, installed, folder, tools)
      const report = await generateReport(submission, results, folder, tools)
      return tested(submission, await publish(report, submission, places))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

async function deploy(submission: Submission, folder: string, tools: WorkTools): Promise<string> {
  await tools.enter('running:deploy')
  const path = await obtainPackage(submission, folder, tools)
  const installed = join(folder, 'install')
  await mkdir(installed)
  await runCommand('tar', ['-xvzf', path, '-C', installed, '--no-same-owner'], tools).catch(error =>
    fail(`${submission.package_path} cannot be unpacked`, error, tools.signal),
  )
  return installed
}

async function test(
  submission: Submission,
  installed: string,
  folder: string,
  tools: WorkTools,
): Promise<string> {
  await tools.enter('running:test')
  const tests = await findTests(installed, submission.test_path || 'tests')
  const results = join(folder, 'allure-results')
  await mkdir(results)
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  // Tests that fail are a result, not a fault: what counts is that there are results.
  await runCommand(process.execPath, ['--test', `--test-reporter=${reporter}`, ...tests], {
    ...tools,
    cwd: installed,
    env: { ...env, ALLURE_RESULTS_DIR: results },
  }).catch(() => tools.signal.throwIfAborted())
  const count = (await Array.fromAsync(glob('*-result.json', { cwd: results }))).length
  if (count === 0) throw new Error(`The tests of ${submission.service_name} left no results`)
  return results
}

async function findTests(installed: string, testPath: string): Promise<string[]> {
  const found = await Array.fromAsync(glob(`**/${testPath}/*.test.mjs`, { cwd: installed }))
  const tests = found.filter(path => !relative(installed, join(installed, path)).startsWith('..'))
  if (tests.length === 0) throw new Error(`The package holds no tests: ${testPath}/*.test.mjs is missing`)
  return tests.sort()
}

async function generateReport(
  submission: Submission,
  results: string,
  folder: string,
  tools: WorkTools,
): Promise<string> {
  const report = join(folder, 'report')
  const options = ['--cwd', folder, '--output', report, '--report-name', submission.report_keyword]
  await runCommand(process.execPath, [allure, 'generate', ...options, results], tools).catch(error =>
    fail('The Allure report cannot be generated', error, tools.signal),
  )
  return report
}

function fail(what: string, error: Error, signal: AbortSignal): never {
  signal.throwIfAborted()
  throw new Error(`${what}: ${error.message}`, { cause: error })
}

/** Copies a finished report to where it is served; answers its address. */
export async function publish(
  report: string,
  submission: Submission,
  { reportDir, reportBaseUrl }: Places,
): Promise<string> {
  await mkdir(reportDir, { recursive: true })
  const word = submission.report_keyword.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')
  const target = await mkdtemp(join(reportDir, `${word}_`))
  await cp(report, target, { recursive: true })
  const base = (submission.base_url || reportBaseUrl).replace(/\/+$/, '')
  return `${base}/${encodeURIComponent(relative(reportDir, target))}/`
}

export function deployOnly(submission: Submission): TaskResult {
  const reason = 'test_path is "deploy": the package was only deployed'
  return { deploy: deployed(submission), test: { skipped: true, reason, report_url: 'None' } }
}

export function tested(submission: Submission, reportUrl: string): TaskResult {
  return { deploy: deployed(submission), test: { report_url: reportUrl } }
}

function deployed({ service_name, upgrade_type }: Submission): TaskResult['deploy'] {
  return { service: service_name, upgrade_type, success: true }
}
