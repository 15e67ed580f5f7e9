import { join, resolve } from 'node:path'
import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { notFound } from '../lib/errors.ts'
import { findKeptReport } from './kept-reports.ts'
import { sendReportFile } from './send-report-file.handlers.ts'

export const file = endpoint({
  summary: 'Get a file of the report that CRAT keeps of a run',
  params: idParams.extend({ path: z.array(z.string()) }),
  answers: {},
  otherTypes: ['*/*'],
  async handle(ctx, { params: { id, path }, req, res }) {
    const kept = await findKeptReport(ctx.db, id)
    if (!kept) throw notFound('kept:not_kept', { run: id })
    const name = path.join('/')
    // What the page loads comes without a cookie: to an address that says that it may.
    if (req.get('sec-fetch-mode') === 'navigate') res.redirect(ctx.reports.pathOf(id, name))
    else await sendReportFile({ req, res }, resolve(join(ctx.reports.folder, kept.folder)), name)
  },
})
