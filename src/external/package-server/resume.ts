import { contentRange, type FileAnswer, ifRange, versionOf } from './file-request.ts'
import type { Part } from './part.ts'
import type { KeptRecord } from './store.ts'

export function conditions(part: Part | null, kept: KeptRecord | null): Record<string, string> {
  const condition = part && ifRange(part.version)
  if (part && condition) return { range: `bytes=${part.bytes}-`, 'if-range': condition }
  return kept?.version.etag ? { 'if-none-match': kept.version.etag } : {}
}

export function isWhole(answer: FileAnswer, part: Part): boolean {
  return answer.status === 416 && contentRange(answer)?.size === part.bytes
}

export function continues(answer: FileAnswer, { bytes, version }: Part): boolean {
  const range = contentRange(answer)
  if (answer.status !== 206 || range?.start !== bytes) return false
  const { etag } = versionOf(answer)
  const isSameSize = version.size === null || range.size === null || version.size === range.size
  return isSameSize && (etag === null || version.etag === null || etag === version.etag)
}
