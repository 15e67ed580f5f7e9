import { appendFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { loadFiles } from './load/locust.ts'
import type { Work } from './tasks/task.ts'

const STEP_MS = 250
const STEPS = 4

export const dryRun: Work = async (submission, tools) => {
  const { service_name, upgrade_type, scripts_sha256 } = submission
  for (const phase of ['running:deploy', 'running:test'] as const) {
    await tools.enter(phase)
    for (let step = 1; step <= STEPS; step += 1) {
      tools.write(`dry run of ${service_name}: ${phase}, step ${step} of ${STEPS} ✓\n`)
      if (phase === 'running:test') await addPoint(tools.folder, step)
      await pause(STEP_MS, undefined, { signal: tools.signal })
    }
  }
  return {
    deploy: { service: service_name, upgrade_type, success: true },
    test: {
      ...{ skipped: true, reason: 'It was a dry run', report_url: 'None' },
      ...(scripts_sha256 !== undefined && { scripts_sha256 }),
    },
  }
}

async function addPoint(folder: string, step: number): Promise<void> {
  const point = {
    t: (step * STEP_MS) / 1000,
    users_planned: step,
    users: step,
    rps: 0,
    p95_ms: null,
    errors: 0,
  }
  await appendFile(loadFiles(folder).points, `${JSON.stringify(point)}\n`)
}
