import { characterStart } from '../lib/text.ts'

/** Bytes that one answer shows at most. */
const MAX_PART_BYTES = 64 * 1024

export interface TaskLog {
  write(text: string): void
  /** Null where the log is not so long. An offset within a character begins with that character. */
  read(offset: number): { offset: number; next_offset: number; text: string } | null
  size(): number
}

/** A log that only grows. Offsets are bytes of UTF-8; no part ends within a character. */
export function createTaskLog(): TaskLog {
  let bytes = Buffer.alloc(0)

  return {
    write(text) {
      bytes = Buffer.concat([bytes, Buffer.from(text.toWellFormed())])
    },
    read(asked) {
      if (asked > bytes.length) return null
      const offset = characterStart(bytes, asked)
      const next_offset = characterStart(bytes, Math.min(bytes.length, offset + MAX_PART_BYTES))
      return { offset, next_offset, text: bytes.toString('utf8', offset, next_offset) }
    },
    size: () => bytes.length,
  }
}
