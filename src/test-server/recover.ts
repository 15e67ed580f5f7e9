import { type Context, controlOptions, testCookie } from './context.ts'
import { rollBack } from './deploy/roll-back.ts'
import { killProcesses } from './processes/cookie.ts'
import { TaskFailure, type Work } from './tasks/task.ts'
import { reportOn } from './test-service.ts'
import { clearNetwork } from './tests/network.ts'

export function recoverTask(context: Context): Work {
  return async (submission, tools) => {
    const { service_name, upgrade_type } = submission
    const service = context.services.find(service_name)
    const name = service?.name ?? service_name
    tools.write('The test server was killed during this task and has started again\n')
    await killProcesses(testCookie(context, name, tools.taskId))
    await clearNetwork(tools)
    const entry = await context.journal.findOfTask(tools.taskId)
    if (entry) {
      const { rolledBack, sentence } = await rollBack(
        entry.plan,
        context.journal,
        controlOptions(context, entry.plan, tools),
      )
      const deploy = { service: service_name, upgrade_type, success: false, rolled_back: rolledBack }
      throw new TaskFailure(`The test server was killed while it deployed (${entry.phase}). ${sentence}`, {
        deploy,
      })
    }
    const { deploy } = tools.notes()
    if (!deploy) throw new Error('The test server was killed before it deployed: nothing was changed.')
    const problem = 'The test server was killed while it tested. The new version is deployed.'
    const test = service && (await reportOn(context, service, submission, tools, problem))
    throw new TaskFailure(problem, { deploy, ...(test && { test }) })
  }
}
