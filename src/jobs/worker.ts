import type { Context } from '../context.ts'
import { deliverMail } from '../notifications/deliver.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { driveLane } from '../pipeline/runner.ts'
import { MAIL_QUEUE, RUN_QUEUE } from './queue.ts'

export function pipelineOf(ctx: Context): Pipeline {
  const { packages, egress, sealer, log, metrics } = ctx
  return { store: ctx, packages, egress, sealer, log, metrics }
}

/** Works the queues until `stop`: drives lanes and sends mails. */
export async function startWorker(ctx: Context, stop: AbortSignal): Promise<void> {
  const { boss } = ctx.queue
  const workers = [await driveLanes(ctx, stop), await sendMails(ctx)]
  // Saves triggered runs and their mails the wait for the next poll of the queue.
  const unsubscribe = ctx.lifeline.onChange(change => {
    if (change?.topic === 'run') for (const worker of workers) boss.notifyWorker(worker)
  })
  stop.addEventListener('abort', unsubscribe, { once: true })
}

function driveLanes(ctx: Context, stop: AbortSignal): Promise<string> {
  const pipeline = pipelineOf(ctx)
  const options = { pollingIntervalSeconds: 0.5 }
  return ctx.queue.boss.work<{ lane: string }>(RUN_QUEUE, options, async ([job]) => {
    if (!job) return
    const { lane } = job.data
    // Not `job.signal`: a missed heartbeat alone does not end our claim on the run.
    await driveLane(pipeline, lane, stop).catch(error => {
      // The queue retries silently.
      if (!stop.aborted) ctx.log.error({ lane, err: error }, 'the lane could not be driven')
      throw error
    })
  })
}

function sendMails(ctx: Context): Promise<string> {
  const { mailer, log, metrics } = ctx
  const delivery = { store: ctx, mailer, sender: ctx.config.mailFrom, log, metrics }
  const options = { pollingIntervalSeconds: 0.5, includeMetadata: true } as const
  return ctx.queue.boss.work<{ notificationId: number }, void, typeof options>(
    MAIL_QUEUE,
    options,
    async ([job]) => {
      if (job) await deliverMail(delivery, job.data.notificationId, job.retryCount >= job.retryLimit)
    },
  )
}
