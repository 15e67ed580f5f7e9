import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { AppError } from '../lib/errors.ts'
import type { Remark } from './journal.ts'

/** Every remark goes to the file, if one is wanted; the first of each kind are kept to be printed. */
export interface Report {
  path: string | null
  number: number
  notTaken: Remark[]
  changed: Remark[]
  add(remark: Remark): void
  close(): Promise<void>
}

const MOST_KEPT = 40

export async function openReport(path: string | null): Promise<Report> {
  const file = path === null ? null : await openFile(path)
  const report: Report = {
    ...{ path, number: 0, notTaken: [], changed: [] },
    add(remark) {
      file?.write(`${JSON.stringify(remark)}\n`)
      report.number += 1
      const kept = remark.what === 'not taken' ? report.notTaken : report.changed
      if (kept.length < MOST_KEPT) kept.push(remark)
    },
    close: async () => file?.close(),
  }
  return report
}

/** Before anything is imported: a report that cannot be written is noticed then. */
async function openFile(path: string) {
  const handle = await open(path, 'w').catch(error => refuse(path, error))
  const stream = handle.createWriteStream()
  const written = finished(stream)
  // Whoever closes it gets the error.
  written.catch(() => {})
  return {
    write: (line: string) => stream.write(line),
    async close(): Promise<void> {
      stream.end()
      await written.catch(error => refuse(path, error))
    },
  }
}

function refuse(path: string, cause: Error): never {
  throw new AppError('import:report', { path, reason: cause.message }, { cause })
}
