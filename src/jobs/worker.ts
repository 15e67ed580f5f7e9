import type { Context } from '../context.ts'
import { deliverMail } from '../notifications/deliver.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { MAIL_QUEUE, RUN_QUEUE } from './queue.ts'

export function pipelineOf(ctx: Context): Pipeline {
  return { store: ctx, packages: ctx.packages, log: ctx.log, metrics: ctx.metrics }
}

/** Takes jobs off the queues until `stop`: drives the lanes, sends the mails. */
export async function startWorker(ctx: Context, stop: AbortSignal): Promise<void> {
  const { boss } = ctx.queue
  const pipeline = pipelineOf(ctx)
  const delivery = {
    store: ctx,
    mailer: ctx.mailer,
    sender: ctx.config.mailFrom,
    log: ctx.log,
    metrics: ctx.metrics,
  }

  const runs = await boss.work<{ lane: string }>(
    RUN_QUEUE,
    { pollingIntervalSeconds: 0.5 },
    async ([job]) => {
      if (!job) return
      const { driveLane } = await import('../pipeline/runner.ts')
      // Not `job.signal`: whether we still drive a run, the run itself says, also when a heartbeat was missed.
      await driveLane(pipeline, job.data.lane, stop).catch(error => {
        // The queue tries again and says nothing: without this line the run would just seem to wait.
        if (!stop.aborted) ctx.log.error({ lane: job.data.lane, err: error }, 'the lane could not be driven')
        throw error
      })
    },
  )
  const options = { pollingIntervalSeconds: 0.5, includeMetadata: true } as const
  const mails = await boss.work<{ notificationId: number }, void, typeof options>(
    MAIL_QUEUE,
    options,
    async ([job]) => {
      if (job) await deliverMail(delivery, job.data.notificationId, job.retryCount >= job.retryLimit)
    },
  )
  // A run that is triggered, and a mail that its end owes, need not wait for the next look at the queue.
  const forget = ctx.lifeline.onChange(change => {
    if (change?.topic === 'run') for (const worker of [runs, mails]) boss.notifyWorker(worker)
  })
  stop.addEventListener('abort', forget, { once: true })
}
