import { resolve } from 'node:path'
import type { Context } from './context.ts'
import { isInstalled } from './deploy/plan.ts'
import { type Deployed, deployService, takeBack } from './deploy-service.ts'
import { requireLocust } from './load/locust.ts'
import { type Peers, peersOf } from './peers/peers.ts'
import type { Service } from './services/service.ts'
import type { TestSuite } from './services/test-suite.ts'
import type { Submission } from './submission.ts'
import { TaskFailure, type TaskResult, type TestResult, type Work, type WorkTools } from './tasks/task.ts'
import { type Tested, testService } from './test-service.ts'
import { applyNetwork, clearNetwork } from './tests/network.ts'

export function deployAndTest(context: Context): Work {
  return async (submission, tools) => {
    const service = requireService(context, submission)
    const suite = chooseSuite(service, submission)
    if (suite?.kind === 'load') await requireLocust(suite)
    const peers = peersOf({ ...context, submission, tools })
    try {
      await tools.enter('running:deploy')
      const deployed = await deployService(context, service, submission, tools)
      return await afterDeploy(deployed, async () => {
        await peers?.meet(service.peer_timeout)
        if (!suite) return await together(peers, service, notTested(deployed, service, submission))
        peers?.keepReporting()
        const result = await test(context, deployed, suite, submission, tools)
        return await together(peers, service, result)
      })
    } catch (error) {
      await peers?.fail((error as Error).message)
      throw error
    }
  }
}

/** Whatever fails now: the deploy did happen. */
async function afterDeploy({ result }: Deployed, work: () => Promise<TaskResult>): Promise<TaskResult> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TaskFailure) throw error
    throw new TaskFailure((error as Error).message, { deploy: result }, { cause: error })
  }
}

function requireService(
  { services }: Context,
  { service_name, install_dir, test_path }: Submission,
): Service {
  const service = services.find(service_name)
  if (!service)
    throw new Error(`There is no service "${service_name}" here, only ${services.names().join(', ')}`)
  // No request chooses where files are written.
  if (install_dir && isInstalled(service) && resolve(install_dir) !== resolve(service.install_dir))
    throw new Error(`install_dir ${install_dir} is not where ${service.name} is: ${service.install_dir}`)
  if (/^[-/]|(^|\/)\.\.(\/|$)/.test(test_path))
    throw new Error(`test_path ${test_path} must be the name of a suite or a path below the tests`)
  return service
}

function chooseSuite({ tests }: Service, { test_path }: Submission): TestSuite | null {
  if (test_path === 'deploy') return null
  return tests.find(({ name }) => name === test_path) ?? tests[0] ?? null
}

function notTested({ result }: Deployed, { name }: Service, { test_path }: Submission): TaskResult {
  const asked = 'test_path is "deploy": the package was only deployed'
  const reason = test_path === 'deploy' ? asked : `${name} has no tests`
  return { deploy: result, test: { skipped: true, reason, report_url: 'None' } }
}

async function test(
  context: Context,
  deployed: Deployed,
  suite: TestSuite,
  submission: Submission,
  tools: WorkTools,
): Promise<TaskResult> {
  const { service, unpacked } = deployed.plan
  await tools.enter('running:test')
  const network = await applyNetwork(submission, service, tools)
  try {
    const tested = await testService(context, service, suite, { submission, unpacked, tools })
    const result: TestResult = { ...tested.result, ...(network && { network }) }
    if (tested.end.problem === null) return { deploy: deployed.result, test: result }
    return await failed(context, deployed, suite, { ...tested, result }, tools)
  } finally {
    await clearNetwork(tools)
  }
}

/** After tests that had to be ended nobody knows what state they left the new version in. */
async function failed(
  context: Context,
  deployed: Deployed,
  suite: TestSuite,
  { end, result }: Tested,
  tools: WorkTools,
): Promise<never> {
  const problem = end.problem ?? ''
  if (!end.limit || suite.after_limit === 'keep' || !deployed.plan.had_version)
    throw new TaskFailure(problem, { deploy: deployed.result, test: result })
  const { rolledBack, sentence } = await takeBack(context, deployed, tools)
  const deploy = { ...deployed.result, rolled_back: rolledBack }
  throw new TaskFailure(`${problem}\n${sentence}`, { deploy, test: result })
}

async function together(peers: Peers | null, service: Service, result: TaskResult): Promise<TaskResult> {
  const longest = Math.max(0, ...service.tests.map(({ time_limit }) => time_limit))
  await peers?.finish(longest + service.peer_timeout)
  return result
}
