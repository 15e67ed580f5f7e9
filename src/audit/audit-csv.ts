import type { AuditEntryModel as AuditEntry } from '../generated/prisma/models.ts'

// A spreadsheet runs what begins like a formula, also in full width or behind spaces.
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/

export const CSV_HEAD = toLine(['id', 'at', 'actor', 'action', 'subject', 'before', 'after', 'ip'])

export function csvLines(entries: AuditEntry[]): string {
  return entries
    .map(({ id, createdAt, actor, action, subject, before, after, ip }) =>
      toLine([
        `${id}`,
        createdAt.toISOString(),
        ...[actor, action, subject],
        ...[before, after].map(value => (value === null ? '' : JSON.stringify(value))),
        ip ?? '',
      ]),
    )
    .join('')
}

function toLine(cells: string[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

function toCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
