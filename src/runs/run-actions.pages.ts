import type { Response } from 'express'
import { lacksPackage } from '../builds/package-at-trigger.ts'
import type { Context } from '../context.ts'
import { flash } from '../http/flash.ts'
import { fieldsOf, formAction, idOf, page } from '../http/page.ts'
import { cancelRun } from './cancel-run.ts'
import { retryRun } from './retry-run.ts'
import type { FullRun } from './runs.ts'

export const cancelAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/runs/${id}`, async () => {
    await cancelRun(ctx, id, person)
    flash(res, 'done', 'pages:flash.run_cancelled', { run: id })
    return undefined
  })
})

export const retryAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/runs/${id}`, async () => {
    const parameters = fieldsOf(req.body).parameters === 'current' ? 'current' : 'frozen'
    return showStarted(ctx, res, await retryRun(ctx, id, person, { parameters }))
  })
})

export async function showStarted(
  { db, packageWatch }: Context,
  res: Response,
  run: FullRun,
): Promise<string> {
  const { id, jobName: job, buildNumber: number, forecast } = run
  if (await lacksPackage(db, packageWatch, run.build))
    flash(res, 'failed', 'pages:flash.no_package', { job, number })
  else if (forecast?.position)
    flash(res, 'done', 'pages:flash.queued', { run: id, position: forecast.position })
  else flash(res, 'done', 'pages:flash.triggered', { run: id })
  return `/runs/${id}`
}
