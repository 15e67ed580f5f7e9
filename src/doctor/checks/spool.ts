import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDuration } from '../../lib/format.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'

const LONG_MS = 60_000

/** Builds that were announced while the database was unavailable. */
export async function checkSpool({ config }: Subject): Promise<Finding[]> {
  const folder = join(config.dataDir, 'spool')
  const names = await readdir(folder).catch(ignoreMissing)
  const waiting = names.filter(name => name.endsWith('.json')).sort()
  const refused = names.filter(name => name.endsWith('.refused'))
  const age = waiting.length ? Date.now() - Number.parseFloat(waiting[0] ?? '') : 0
  const findings = [
    ...(refused.length ? [warning('doctor:spool_refused', { folder, number: refused.length })] : []),
    ...(age > LONG_MS
      ? [failed('doctor:spool_waits', { number: waiting.length, since: formatDuration('en', age) })]
      : []),
  ]
  return findings.length ? findings : [ok('doctor:spool_ok', { number: waiting.length })]
}

function ignoreMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}
