import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { ifRange } from './file-request.ts'
import { BrokenPackage } from './package-error.ts'
import {
  findPart,
  isMissing,
  type KeptRecord,
  type Place,
  removePart,
  statIfThere,
  syncFolder,
  type Version,
  writeRecord,
} from './store.ts'
import type { StreamCheck } from './stream-check.ts'

export interface Part {
  file: FileHandle
  check: StreamCheck
  bytes: number
  version: Version
  resumed: boolean
}

export async function resumePart(
  place: Place,
  newCheck: () => StreamCheck,
  signal?: AbortSignal,
): Promise<Part | null> {
  const found = await findPart(place)
  const size = found?.version.size ?? Infinity
  if (!found || found.bytes > size || ifRange(found.version) === null) return null

  const check = newCheck()
  try {
    const options = { end: found.bytes - 1, highWaterMark: 1024 * 1024, signal }
    for await (const piece of createReadStream(place.part, options)) await check.write(piece)
    return { ...found, file: await open(place.part, 'r+'), check, resumed: true }
  } catch (error) {
    check.close()
    signal?.throwIfAborted()
    // Another run has just put it in its place, or begun anew.
    if (isMissing(error)) return null
    if (!(error instanceof BrokenPackage)) throw error
    // Not the beginning of a package, e.g. after a crash: start over.
    await removePart(place)
    return null
  }
}

export async function beginPart(place: Place, check: StreamCheck, version: Version): Promise<Part | null> {
  // The record first: it decides whether the part may be resumed.
  await writeRecord(place.partRecord, version)
  try {
    return { file: await open(place.part, 'wx'), check, bytes: 0, version, resumed: false }
  } catch (error) {
    check.close()
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  }
}

export async function append(part: Part, piece: Uint8Array): Promise<void> {
  await Promise.all([writeAt(part.file, piece, part.bytes), part.check.write(piece)])
  part.bytes += piece.length
}

/** At a fixed position, so that two writers of the same part do no harm. */
async function writeAt(file: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < piece.length) {
    const { bytesWritten } = await file.write(piece, written, piece.length - written, position + written)
    written += bytesWritten
  }
}

export async function keepPart(
  place: Place,
  part: Part,
  { url, sha256 }: { url: string; sha256: string },
): Promise<KeptRecord | null> {
  await part.file.sync()
  const { size, mtimeMs } = await part.file.stat()
  const now = new Date().toISOString()
  const version = { ...part.version, size }
  const record = { url, version, size, mtimeMs, sha256, verifiedAt: now, lastUsedAt: now }
  // Record, then file: after a crash in between the part is only checked again.
  await writeRecord(place.record, record)
  if (!(await moveToPlace(place, part.file))) return null
  await rm(place.partRecord, { force: true })
  await syncFolder(place.folder)
  return record
}

async function moveToPlace(place: Place, file: FileHandle): Promise<boolean> {
  const { ino } = await file.stat()
  const isOurs = async (path: string) => (await statIfThere(path))?.ino === ino
  if (await isOurs(place.part)) {
    await rename(place.part, place.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  return isOurs(place.file)
}

export async function closePart(part: Part | null): Promise<void> {
  part?.check.close()
  await part?.file.close()
}
