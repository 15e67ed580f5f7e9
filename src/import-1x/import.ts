import { IMPORTER, type Import } from './context.ts'
import { type Counts, createJournal, type JournalListener } from './journal.ts'
import { keepHistory } from './keep-history.ts'
import { refuseOtherSource } from './same-source.ts'
import type { OldRow, OldTable, Source } from './source.ts'
import { importBuilds, OLD_BUILDS } from './tables/builds.ts'
import { addMissingJobs, importJobVersions, OLD_JOB_VERSIONS } from './tables/job-versions.ts'
import { importParameterSets, OLD_PARAMETER_SETS } from './tables/parameter-sets.ts'
import { importRuns, OLD_RUNS } from './tables/runs.ts'
import { importSettings, OLD_SETTINGS } from './tables/settings.ts'
import { importTestItems, OLD_TEST_ITEMS } from './tables/test-items.ts'
import { reserveIds, type TargetTable } from './target.ts'

export interface ImportOptions extends Omit<Import, 'journal'>, JournalListener {
  onProgress(table: string, done: number, of: number): void
  signal?: AbortSignal
}

type Write = (all: Import, rows: OldRow[]) => Promise<void>

/** In the order in which they refer to each other. */
const TABLES: [OldTable, Write][] = [
  [OLD_SETTINGS, importSettings],
  [OLD_PARAMETER_SETS, importParameterSets],
  [OLD_BUILDS, importBuilds],
  [OLD_JOB_VERSIONS, importJobVersions],
  [OLD_TEST_ITEMS, importTestItems],
  [OLD_RUNS, importRuns],
]

/**
 * Copies a CRAT 1.x database into this one. What an earlier import took stays as it is, or follows what has changed in
 * 1.x since. Each batch is one transaction, so that it can be ended at any moment and started again.
 */
export async function importFrom1x(options: ImportOptions): Promise<Map<string, Counts>> {
  const { source, target, sealer, onProgress, signal } = options
  const journal = createJournal(options)
  const all: Import = { source, target, sealer, journal }
  await refuseOtherSource(all)
  await keepHistory(all)
  for (const [table, write] of TABLES) {
    const counts = journal.countsOf(table.name)
    const total = await source.count(table)
    if (table.key === 'id')
      await reserveIds(target, table.name as TargetTable, await largestId(source, table, total))
    for await (const rows of source.batches(table)) {
      signal?.throwIfAborted()
      await target.transaction(() => write(all, rows))
      counts.rows += rows.length
      onProgress(table.name, counts.rows, total)
    }
    if (table === OLD_JOB_VERSIONS) await target.transaction(() => addMissingJobs(all))
  }
  await recordImport(all)
  return journal.counts
}

async function largestId(source: Source, { name }: OldTable, total: number): Promise<string | null> {
  if (total === 0) return null
  const [row] = await source.query(`SELECT max(id) AS max FROM "${name}"`)
  return row?.max ?? null
}

async function recordImport({ target, journal }: Import): Promise<void> {
  const taken = [...journal.counts].map(([table, counts]) => [table, counts.taken + counts.updated] as const)
  if (taken.every(([, count]) => count === 0)) return
  await target.client.query(
    `INSERT INTO audit_log (actor, action, subject, after) VALUES ($1, 'import data', $2, $3)`,
    [IMPORTER, target.source, JSON.stringify(Object.fromEntries(taken))],
  )
}
