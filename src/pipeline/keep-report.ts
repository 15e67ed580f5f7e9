import { rm } from 'node:fs/promises'
import { findToken } from '../environments/token.ts'
import { type KeptFiles, mirrorReport, unpackReport } from '../external/report/keep/index.ts'
import { fetchReportArchive } from '../external/test-server/index.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { recordKept, recordNotKept } from '../kept-reports/kept-reports.ts'
import { fillReportFolder, newReportFolder, removeReportFolder } from '../kept-reports/report-folders.ts'
import { AppError, ExternalError } from '../lib/errors.ts'
import { serverHas } from './features.ts'
import type { Pipeline } from './pipeline.ts'

const MAX_ARCHIVE_BYTES = 500 * 1000 ** 2

export interface ReportKeeper extends Pick<Pipeline, 'store' | 'egress' | 'sealer' | 'log'> {
  reports: { folder: string }
  uploads: { folder: string }
}

interface Attempt {
  signal: AbortSignal
  isLastTry: boolean
}

/** Fetches a run's report and keeps it. Throws where another attempt may succeed. */
export async function keepReport(
  keeper: ReportKeeper,
  runId: number,
  { signal, isLastTry }: Attempt,
): Promise<void> {
  const { store, reports, log } = keeper
  const run = await store.db.run.findUnique({ where: { id: runId } })
  if (!run?.reportUrl) return
  const folder = newReportFolder(runId)
  try {
    const kept = await fetchReport(keeper, run, folder, signal)
    const isOurs = await recordKept(store.db, runId, { folder, ...kept })
    if (!isOurs) await removeReportFolder(reports.folder, folder)
  } catch (error) {
    signal.throwIfAborted()
    log[error instanceof AppError ? 'info' : 'error']({ runId, err: error }, 'the report could not be kept')
    const isFinal = isLastTry || (error instanceof ExternalError && error.permanent)
    const { key, params } = error instanceof AppError ? error : { key: 'kept:broke', params: {} }
    await recordNotKept(store.db, runId, { key, params, isFinal })
    if (!isFinal) throw error
  }
}

type Fetched = KeptFiles & { source: 'archive' | 'mirror' }

/** As the test server packed it, or else page by page. */
async function fetchReport(
  keeper: ReportKeeper,
  run: Run,
  folder: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const root = keeper.reports.folder
  if (run.taskId !== null && serverHas('report_archive', run)) {
    try {
      const kept = await fillReportFolder(root, folder, path => fetchArchive(keeper, run, path, signal))
      return { ...kept, source: 'archive' }
    } catch (error) {
      signal.throwIfAborted()
      keeper.log.info({ runId: run.id, err: error }, 'the archive of the report cannot be used')
    }
  }
  const { egress, sealer } = keeper
  const trusting = egress.trusting([sealer.open(run.testServerUrl)])
  const kept = await fillReportFolder(root, folder, path =>
    mirrorReport(run.reportUrl ?? '', path, { signal, egress: trusting }),
  )
  return { ...kept, source: 'mirror' }
}

async function fetchArchive(
  { store, sealer, uploads }: ReportKeeper,
  run: Run,
  path: string,
  signal: AbortSignal,
): Promise<KeptFiles> {
  const token = sealer.open(await findToken(store.db, run.environmentId))
  const options = { token, signal, folder: uploads.folder, maxBytes: MAX_ARCHIVE_BYTES }
  const archive = await fetchReportArchive(sealer.open(run.testServerUrl), run.taskId ?? '', options)
  try {
    return await unpackReport(archive.path, path, { signal })
  } finally {
    await rm(archive.path, { force: true })
  }
}
