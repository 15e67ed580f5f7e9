import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { characterStart } from '../../lib/text.ts'

const MAX_PART_BYTES = 64 * 1024

export interface TaskLog {
  write(text: string): void
  /** Null where the log is not so long. An offset within a character begins with that character. */
  read(offset: number): Promise<{ offset: number; next_offset: number; text: string } | null>
  size(): number
  /** It is opened again by the next write. */
  close(): void
}

/** A log that only grows, in a file. Offsets are bytes of UTF-8; no part ends within a character. */
export function openTaskLog(path: string): TaskLog {
  let file: number | undefined
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0

  return {
    write(text) {
      file ??= openSync(path, 'a')
      try {
        size += writeSync(file, text.toWellFormed())
      } catch (error) {
        // A full disk must not keep a task from putting back what it replaced.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    async read(asked) {
      if (asked > size) return null
      const end = Math.min(size, asked + MAX_PART_BYTES)
      // A character has at most four bytes.
      const start = Math.max(0, asked - 3)
      const bytes = await readBytes(path, start, end)
      const from = characterStart(bytes, asked - start)
      const to = end === size ? bytes.length : characterStart(bytes, bytes.length - 1)
      return {
        offset: start + from,
        next_offset: start + Math.max(from, to),
        text: Buffer.from(bytes.subarray(from, to)).toString('utf8'),
      }
    },
    size: () => size,
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}

async function readBytes(path: string, start: number, end: number): Promise<Uint8Array> {
  if (start === end) return new Uint8Array()
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
