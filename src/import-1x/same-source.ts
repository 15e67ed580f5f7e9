import { AppError } from '../lib/errors.ts'
import type { Import } from './context.ts'

/** No build ever changes: where those of an earlier import are others, this is another database. */
export async function refuseOtherSource({ source, target }: Import): Promise<void> {
  const { rows } = await target.client.query<{ old_id: string; job_name: string; build_number: number }>(
    `SELECT old_id, job_name, build_number FROM imported_rows JOIN build_info ON id = new_id
     WHERE source = $1 AND source_table = 'build_info' LIMIT 100`,
    [target.source],
  )
  if (!rows.length) return
  const ids = rows.map(row => row.old_id).filter(id => /^\d+$/.test(id))
  const old = await source.query(
    `SELECT id, job_name, build_number FROM build_info WHERE id IN (${ids.join(', ') || 'NULL'})`,
  )
  const known = new Map(rows.map(row => [row.old_id, `${row.job_name} ${row.build_number}`]))
  if (old.some(row => known.get(row.id ?? '') !== `${row.job_name?.trim()} ${row.build_number}`))
    throw new AppError('import:other_source', { name: target.source })
}
