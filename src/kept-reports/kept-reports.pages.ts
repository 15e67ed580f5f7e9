import { join, resolve } from 'node:path'
import { idOf, page } from '../http/page.ts'
import { notFound } from '../lib/errors.ts'
import { linkable } from '../lib/links.ts'
import { findKeptReport } from './kept-reports.ts'
import { sendReportFile } from './send-report-file.handlers.ts'

/** To the report as it is kept, or to the original. Mails link here. */
export const openReport = page(async (ctx, { req, res }) => {
  const id = idOf(req)
  const [kept, run] = await Promise.all([
    findKeptReport(ctx.db, id),
    ctx.db.run.findUnique({ where: { id }, select: { reportUrl: true } }),
  ])
  if (!run) throw notFound('errors:run_not_found', { id })
  if (kept) return res.redirect(ctx.reports.pathOf(id, kept.entry))
  const original = linkable(run.reportUrl)
  if (!original) throw notFound('kept:none', { run: id })
  res.redirect(original)
})

/** A file of a kept report, at an address that was signed. */
export const showReportFile = page(async (ctx, { req, res }) => {
  const id = idOf(req)
  const { token = '', path } = req.params as { token?: string; path?: string[] }
  if (!ctx.reports.isValid(id, token)) return res.redirect(`/runs/${id}/report`)
  const kept = await findKeptReport(ctx.db, id)
  if (!kept) throw notFound('kept:not_kept', { run: id })
  await sendReportFile({ req, res }, resolve(join(ctx.reports.folder, kept.folder)), (path ?? []).join('/'))
})
