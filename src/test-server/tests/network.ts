import { runProgram } from '../processes/run-program.ts'
import type { Service } from '../services/service.ts'
import type { Submission } from '../submission.ts'
import type { TestResult, WorkTools } from '../tasks/task.ts'

/** Applies the network parameters of a submission where the service names an interface and `tc` may; records them. */
export async function applyNetwork(
  { network }: Submission,
  { network_interface: device }: Service,
  tools: WorkTools,
): Promise<TestResult['network']> {
  if (!network) return undefined
  const { latency_ms = 0, loss_percent = 0 } = network
  const asked = { latency_ms, loss_percent }
  if (device === undefined)
    return { ...asked, applied: false, reason: 'The service names no network_interface' }
  try {
    await tools.note({ network_interface: device })
    const netem = ['netem', 'delay', `${latency_ms}ms`, 'loss', `${loss_percent}%`]
    await runProgram('tc', ['qdisc', 'replace', 'dev', device, 'root', ...netem])
    tools.write(`network of ${device}: ${latency_ms} ms latency, ${loss_percent} % loss\n`)
    return { ...asked, applied: true }
  } catch (error) {
    await tools.note({ network_interface: undefined })
    tools.write(`${(error as Error).message}\n`)
    return { ...asked, applied: false, reason: (error as Error).message }
  }
}

/** Takes back what was applied, also by a process that was killed. */
export async function clearNetwork(tools: WorkTools): Promise<void> {
  const device = tools.notes().network_interface
  if (device === undefined) return
  await runProgram('tc', ['qdisc', 'del', 'dev', device, 'root']).catch(error =>
    tools.write(`${error.message}\n`),
  )
  await tools.note({ network_interface: undefined })
}
