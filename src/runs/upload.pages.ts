import * as z from 'zod'
import { getBuild } from '../builds/builds.ts'
import { flash } from '../http/flash.ts'
import { formFileOf } from '../http/form-file.ts'
import { idParam, parseInput } from '../http/input.ts'
import { fieldsOf, formAction, idOf, page } from '../http/page.ts'
import { findUploadTarget, uploadRun } from './upload-run.ts'

const fields = z.object({ build_id: idParam, mail: z.string().optional() })

export const uploadAction = page(async (ctx, { req, res, person }) => {
  const testItemId = idOf(req)
  await formAction(res, `/tests/${testItemId}#upload`, async () => {
    const { build_id, mail } = parseInput(fields, fieldsOf(req.body))
    const { jobName, buildNumber } = await getBuild(ctx.db, build_id)
    const target = await findUploadTarget(ctx.db, { jobName, buildNumber, testItemId }, person)
    const results = await ctx.uploads.read(formFileOf({ res }).path)
    const run = await uploadRun(ctx, target, results, person, { mail: mail === 'on' })
    flash(res, 'done', 'upload:done', { run: run.id })
    return `/runs/${run.id}`
  })
})
