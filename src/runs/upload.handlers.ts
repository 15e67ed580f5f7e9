import { rm } from 'node:fs/promises'
import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { filter, idParam, jobParams, whole } from '../http/input.ts'
import { receiveFile } from '../lib/receive-file.ts'
import { presentRun, runShape } from './runs.shape.ts'
import { findUploadTarget, uploadRun } from './upload-run.ts'

export const MAX_UPLOAD_BYTES = 200 * 1000 ** 2

export const upload = endpoint({
  summary:
    'Upload JUnit XML, or a .zip or .tgz of Allure results, made elsewhere: they become a finished run',
  params: jobParams.extend({ build_number: whole(1, 2_147_483_647) }),
  query: z.object({
    test_item_id: filter(idParam).describe("By default the job's only test item"),
    mail: filter(z.enum(['true', 'false'])).describe('Whether the result is mailed to you'),
  }),
  file: 'application/octet-stream',
  answers: { 201: z.object({ data: runShape }) },
  async handle(ctx, { params, query, req, res, person }) {
    const { job_name: jobName, build_number: buildNumber } = params
    const target = { jobName, buildNumber, testItemId: query.test_item_id }
    const found = await findUploadTarget(ctx.db, target, person)
    const file = await receiveFile(ctx.uploads.folder, req, { maxBytes: MAX_UPLOAD_BYTES, suffix: '.upload' })
    try {
      const results = await ctx.uploads.read(file.path)
      const run = await uploadRun(ctx, found, results, person, { mail: query.mail === 'true' })
      res.status(201)
      return { data: presentRun(run) }
    } finally {
      await rm(file.path, { force: true })
    }
  },
})
