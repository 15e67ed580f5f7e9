import type { Database, Queryable, Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import type { Queue } from '../database/store.ts'
import { Prisma } from '../generated/prisma/client.ts'
import type { ReportArchiveModel as ReportArchive } from '../generated/prisma/models.ts'
import type { Params } from '../lib/i18n.ts'

export type KeptReport = ReportArchive & { state: 'kept'; folder: string; entry: string }

/** Call it in the transaction that ends the run. */
export async function queueReport(
  { queue }: { queue: Queue },
  tx: Transaction,
  runId: number,
): Promise<void> {
  await tx.reportArchive.create({ data: { runId, state: 'waiting' } })
  await queue.sendReport(tx, runId)
}

export async function findKeptReport(db: Queryable, runId: number): Promise<KeptReport | null> {
  const report = await db.reportArchive.findUnique({ where: { runId } })
  return report?.state === 'kept' && report.folder && report.entry ? (report as KeptReport) : null
}

export async function recordKept(
  db: Database,
  runId: number,
  kept: Pick<KeptReport, 'folder' | 'entry' | 'files' | 'cut'> & { source: string; bytes: number },
): Promise<boolean> {
  return db.$transaction(async tx => {
    const { count } = await tx.reportArchive.updateMany({
      where: { runId, state: { not: 'kept' } },
      data: {
        ...{ ...kept, bytes: BigInt(kept.bytes), state: 'kept', keptAt: new Date() },
        ...{ errorKey: null, errorParams: Prisma.DbNull },
      },
    })
    await announceChange(tx, { topic: 'run', id: runId })
    return count > 0
  })
}

export async function recordNotKept(
  db: Database,
  runId: number,
  { key, params, isFinal }: { key: string; params: Params; isFinal: boolean },
): Promise<void> {
  await db.reportArchive.updateMany({
    where: { runId, state: 'waiting' },
    data: { state: isFinal ? 'failed' : 'waiting', errorKey: key, errorParams: params },
  })
}
