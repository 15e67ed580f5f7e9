import type { RunModel as Run } from '../generated/prisma/models.ts'
import { isActive } from '../lib/run-status.ts'
import { describeSpan, failSpan, inSpan, inTraceOf } from '../lib/spans.ts'
import { traceOf } from '../lib/trace.ts'
import { StaleRunError } from '../runs/record-event.ts'
import type { RunEvent } from '../runs/run-event.ts'
import { attemptedAgain } from './infrastructure.ts'
import { performStep } from './perform-step.ts'
import { persistEvent } from './persist-event.ts'
import type { Pipeline } from './pipeline.ts'
import { freeEnvironments, releaseRun } from './recover.ts'
import { stopTask } from './stop-task.ts'
import { watchRun } from './watch.ts'

export interface Taken {
  run: Run
  resumed: boolean
}

export async function driveRun(shared: Pipeline, { run, resumed }: Taken, stop: AbortSignal): Promise<void> {
  const of = { buildId: run.buildId, runId: run.id }
  const log = shared.log.child({ trace: traceOf(of) })
  const pipeline = { ...shared, log }
  const { id: runId, status, claim, environmentName: environment, attempt } = run
  const attributes = { 'crat.run': runId, 'crat.item': run.itemName, 'crat.attempt': attempt }
  await inTraceOf(of, 'run', { attributes }, () => {
    log.info({ runId, status, claim, environment, attempt }, resumed ? 'run resumed' : 'run started')
    return performSteps(pipeline, run, stop)
  })
}

async function performSteps(pipeline: Pipeline, started: Run, stop: AbortSignal): Promise<void> {
  const watch = watchRun(pipeline.store, started, stop)
  let run = started
  let last: RunEvent | null = null
  try {
    while (isActive(run.status)) {
      const end = pipeline.metrics.steps.startTimer({ state: run.status })
      last = attemptedAgain(run, await tracedStep(pipeline, run, watch.signalIn(run)))
      end({ event: last.type })
      run = await persistEvent(pipeline, run, last, stop)
      pipeline.log.info(
        { runId: run.id, status: run.status, error: run.errorMessage ?? undefined },
        'run advanced',
      )
    }
  } catch (error) {
    if (!(error instanceof StaleRunError)) throw error
    pipeline.log.info({ runId: run.id }, 'run ended or taken over elsewhere')
  } finally {
    watch.end()
    if (isActive(run.status)) await releaseRun(pipeline, run, stop)
    describeSpan({ 'crat.status': run.status, 'crat.outcome': run.outcome ?? undefined })
  }
  await stopTask(pipeline, run.id, last)
  await freeEnvironments(pipeline, started, stop)
}

/** A span for each state. */
function tracedStep(pipeline: Pipeline, run: Run, signal: AbortSignal): Promise<RunEvent> {
  return inSpan(`step ${run.status}`, { attributes: { 'crat.run': run.id } }, async () => {
    const event = await performStep(pipeline, run, signal)
    describeSpan({ 'crat.event': event.type })
    if (event.type === 'failed') failSpan(event.error.message)
    return event
  })
}
