import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { Queryable } from '../database/client.ts'
import { CSV_HEAD, csvLines } from './audit-csv.ts'
import { type AuditFilter, eachChange } from './list-changes.ts'

export async function sendCsv(db: Queryable, res: Response, filter: AuditFilter): Promise<void> {
  res.set({
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': 'attachment; filename="audit.csv"',
  })
  await pipeline(Readable.from(lines(db, filter)), res)
}

async function* lines(db: Queryable, filter: AuditFilter): AsyncGenerator<string> {
  yield CSV_HEAD
  for await (const batch of eachChange(db, filter)) yield csvLines(batch)
}
