import type { Context } from '../context.ts'
import { deliverMail } from '../notifications/deliver-mail.ts'
import { dispatchRuns } from '../pipeline/dispatcher.ts'
import { keepReport } from '../pipeline/keep-report.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { MAIL_QUEUE, REPORT_QUEUE } from './queue.ts'
import { sendDeliveries } from './send-deliveries.ts'

export function pipelineOf(ctx: Context): Pipeline {
  const { packages, scriptBundles: scripts, egress, sealer, log, metrics } = ctx
  return { store: ctx, packages, scripts, egress, sealer, log, metrics }
}

export async function startWorker(ctx: Context, stop: AbortSignal): Promise<() => Promise<void>> {
  const { boss } = ctx.queue
  const mails = await sendMails(ctx)
  await keepReports(ctx)
  const { messenger, sealer, log, metrics, lifeline } = ctx
  const released = Promise.all([
    dispatchRuns(pipelineOf(ctx), stop),
    sendDeliveries({ store: ctx, messenger, sealer, log, metrics }, lifeline, stop),
  ])
  // Saves the mails of a run the wait for the next poll of the queue.
  const unsubscribe = ctx.lifeline.onChange(change => {
    if (change?.topic === 'run' || change?.topic === 'environment') boss.notifyWorker(mails)
  })
  stop.addEventListener('abort', unsubscribe, { once: true })
  return async () => void (await released)
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

function keepReports(ctx: Context): Promise<string> {
  const keeper = { ...pipelineOf(ctx), reports: ctx.reports, uploads: ctx.uploads }
  const options = { pollingIntervalSeconds: 1, includeMetadata: true } as const
  return ctx.queue.boss.work<{ runId: number }, void, typeof options>(
    REPORT_QUEUE,
    options,
    async ([job]) => {
      if (!job) return
      const signal = AbortSignal.any([job.signal, ctx.stopping])
      await keepReport(keeper, job.data.runId, { signal, isLastTry: job.retryCount >= job.retryLimit })
    },
  )
}
