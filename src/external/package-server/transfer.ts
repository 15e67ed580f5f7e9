import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import type { Checksum } from './checksum.ts'
import {
  askForFile,
  contentRange,
  type FileAnswer,
  giveUp,
  ifRange,
  isUnchanged,
  piecesOf,
  refusal,
  versionOf,
} from './file-request.ts'
import type { PackageChoice } from './find.ts'
import { BrokenPackage, formatBytes, type PackageError, permanent, temporary } from './package-error.ts'
import {
  findKept,
  findPart,
  type KeptRecord,
  type Place,
  removePart,
  statIfThere,
  syncFolder,
  type Version,
  writeRecord,
} from './store.ts'
import { digestFile, StreamCheck } from './stream-check.ts'

/** What one attempt to bring a package here needs to know. */
interface Transfer {
  choice: PackageChoice
  place: Place
  checksum: Checksum | null
  reserveBytes: number
  stallMs: number
  attempt: number
  signal?: AbortSignal
  /** Called at the start and for every piece that has been written. */
  report: (bytes: number, total: number | null) => Promise<void>
  /** Called when it goes on from what had arrived before. */
  resumed: () => void
}

interface Transferred {
  record: KeptRecord
  /** It lay here already. */
  reused: boolean
}

/** The part that is being written, checked up to `bytes`. */
interface Sink {
  file: FileHandle
  check: StreamCheck
  bytes: number
  resumed: boolean
  version: Version
}

/**
 * One attempt: goes on from what has arrived, or uses again what lies here complete, or starts over. What has
 * arrived is read again first, also in the process that wrote it: there is one way to resume, and the sums cover
 * what is on the disk.
 */
export async function transfer(job: Transfer): Promise<Transferred> {
  await mkdir(job.place.folder, { recursive: true })
  let sink = await openPart(job)
  try {
    const kept = sink ? null : await findReusable(job)
    const answer = await askForFile(job.choice.url, conditions(sink, kept), job)
    try {
      if (kept && isUnchanged(kept.version, answer)) return await reuse(job, kept)
      if (sink && (continues(answer, sink) || isWhole(answer, sink))) {
        job.resumed()
        await expectSpace(job, (sink.version.size ?? sink.bytes) - sink.bytes)
      } else {
        await closeSink(sink)
        sink = await startOver(job, answer)
      }
      if (!isWhole(answer, sink)) await receive(job, answer, sink)
    } finally {
      giveUp(answer)
    }
    return { record: await finish(job, sink), reused: false }
  } catch (error) {
    if (!(error instanceof BrokenPackage)) throw error
    throw await dismiss(job, sink, error)
  } finally {
    await closeSink(sink)
  }
}

async function openPart(job: Transfer): Promise<Sink | null> {
  const { place, choice, checksum, signal } = job
  const part = await findPart(place)
  const size = part?.version.size ?? Infinity
  if (!part || part.bytes > size || ifRange(part.version) === null) return null

  const check = new StreamCheck(choice.name, checksum?.algorithm)
  try {
    const options = { end: part.bytes - 1, highWaterMark: 1024 * 1024, signal }
    for await (const piece of createReadStream(place.part, options)) await check.write(piece)
    return { ...part, file: await open(place.part, 'r+'), check, resumed: true }
  } catch (error) {
    check.close()
    signal?.throwIfAborted()
    if (!(error instanceof BrokenPackage)) throw error
    // What lies here is no beginning of a package, a leftover of a crash for example: start over.
    await removePart(place)
    return null
  }
}

async function closeSink(sink: Sink | null): Promise<void> {
  sink?.check.close()
  await sink?.file.close()
}

/** A package that was verified before, unless the checksum beside it says something else now. */
async function findReusable({ place, checksum, signal }: Transfer): Promise<KeptRecord | null> {
  const kept = await findKept(place)
  if (!kept || !checksum) return kept
  const { algorithm, value } = checksum
  const sum = algorithm === 'sha256' ? kept.sha256 : await digestFile(place.file, algorithm, signal)
  return sum === value ? kept : null
}

function conditions(sink: Sink | null, kept: KeptRecord | null): Record<string, string> {
  const condition = sink && ifRange(sink.version)
  if (sink && condition) return { range: `bytes=${sink.bytes}-`, 'if-range': condition }
  return kept?.version.etag ? { 'if-none-match': kept.version.etag } : {}
}

async function reuse({ place }: Transfer, kept: KeptRecord): Promise<Transferred> {
  const record = { ...kept, lastUsedAt: new Date().toISOString() }
  await writeRecord(place.record, record)
  return { record, reused: true }
}

/** All of it had arrived: the server has nothing behind its last byte. */
function isWhole(answer: FileAnswer, sink: Sink): boolean {
  return answer.status === 416 && contentRange(answer)?.size === sink.bytes
}

/** Whether the answer is the rest of that same version. */
function continues(answer: FileAnswer, { bytes, version }: Sink): boolean {
  const range = contentRange(answer)
  if (answer.status !== 206 || range?.start !== bytes) return false
  const { etag } = versionOf(answer)
  const isSameSize = version.size === null || range.size === null || version.size === range.size
  return isSameSize && (etag === null || version.etag === null || etag === version.etag)
}

async function startOver(job: Transfer, answer: FileAnswer): Promise<Sink> {
  const { place, choice, checksum, attempt } = job
  const { url, name } = choice
  if (answer.status === 206 || answer.status === 416) {
    await removePart(place)
    throw temporary('package:cannot_resume', { url, name, status: answer.status, attempts: attempt })
  }
  if (answer.status !== 200) throw refusal(url, answer.status)

  const version = versionOf(answer)
  await expectSpace(job, version.size ?? 0)
  await removePart(place)
  // The record first: a part without one would never be resumed, one with another version's must not be.
  await writeRecord(place.partRecord, version)
  const file = await open(place.part, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? temporary('package:taken', { name, attempts: attempt }, error) : error
  })
  return { file, check: new StreamCheck(name, checksum?.algorithm), bytes: 0, resumed: false, version }
}

async function receive(job: Transfer, answer: FileAnswer, sink: Sink): Promise<void> {
  const total = sink.version.size ?? contentRange(answer)?.size ?? null
  await job.report(sink.bytes, total)
  for await (const piece of arriving(job, answer, sink)) {
    await Promise.all([writeAt(sink.file, piece, sink.bytes), sink.check.write(piece)])
    sink.bytes += piece.length
    await job.report(sink.bytes, total)
  }
  if (total !== null && sink.bytes > total)
    throw new BrokenPackage('package:wrong_size', { name: job.choice.name, bytes: sink.bytes, total })
  if (total !== null && sink.bytes < total) throw cut(job, sink, 'it ended too early')
}

async function expectSpace({ place, reserveBytes, choice }: Transfer, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(place.folder)
  if (bytes + reserveBytes <= bavail * bsize) return
  throw permanent('package:no_space', {
    name: choice.name,
    folder: place.folder,
    needed: formatBytes(bytes + reserveBytes),
    free: formatBytes(bavail * bsize),
  })
}

/** The pieces of the answer; the wire's failures, and no others, become a reason for another attempt. */
async function* arriving(job: Transfer, answer: FileAnswer, sink: Sink): AsyncGenerator<Buffer> {
  const pieces = piecesOf(answer, job.stallMs)
  for (;;) {
    const next = await pieces.next().catch((error: Error) => {
      job.signal?.throwIfAborted()
      throw cut(job, sink, error.message, error)
    })
    job.signal?.throwIfAborted()
    if (next.done) return
    yield next.value
  }
}

function cut({ choice, attempt }: Transfer, { bytes, version }: Sink, reason: string, cause?: Error) {
  const total = version.size === null ? '?' : formatBytes(version.size)
  const params = { url: choice.url, name: choice.name, bytes: formatBytes(bytes), total, reason }
  return temporary('package:cut', { ...params, attempts: attempt }, cause)
}

/** At a fixed position: should two write to the same part, they write the same bytes to the same places. */
async function writeAt(file: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < piece.length) {
    const { bytesWritten } = await file.write(piece, written, piece.length - written, position + written)
    written += bytesWritten
  }
}

async function finish(job: Transfer, sink: Sink): Promise<KeptRecord> {
  const { choice, place, checksum, attempt } = job
  const digests = await sink.check.end()
  const actual = checksum && digests[checksum.algorithm]
  if (checksum && actual !== checksum.value)
    throw new BrokenPackage('package:checksum_mismatch', {
      name: choice.name,
      algorithm: checksum.algorithm.toUpperCase(),
      expected: checksum.value,
      actual: actual ?? '',
      url: checksum.url,
    })

  await sink.file.sync()
  const { size, mtimeMs } = await sink.file.stat()
  const now = new Date().toISOString()
  const { url } = choice
  const version = { ...sink.version, size }
  const record = { url, version, size, mtimeMs, sha256: digests.sha256, verifiedAt: now, lastUsedAt: now }
  // Record, then file: a crash in between leaves a part that only needs to be checked again.
  await writeRecord(place.record, record)
  if (!(await moveTo(place, sink.file)))
    throw temporary('package:taken', { name: choice.name, attempts: attempt })
  await rm(place.partRecord, { force: true })
  await syncFolder(place.folder)
  return record
}

/** Puts the part in its place; false where another download has put its own there or taken this one away. */
async function moveTo(place: Place, part: FileHandle): Promise<boolean> {
  const { ino } = await part.stat()
  const isOurs = async (path: string) => (await statIfThere(path))?.ino === ino
  if (await isOurs(place.part)) {
    await rename(place.part, place.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  return isOurs(place.file)
}

/**
 * A package that came in one piece and is broken is broken on the server. Pieces may stem from different versions:
 * they deserve another attempt from the start. Where the server gave no length, a stream that ends too early is one
 * more broken connection.
 */
async function dismiss(job: Transfer, sink: Sink | null, error: BrokenPackage): Promise<PackageError> {
  const params = { ...error.params, attempts: job.attempt }
  const mayGoOn = sink && !sink.resumed && sink.version.size === null && error.key === 'package:truncated'
  if (mayGoOn) return temporary(error.key, params, error)
  await removePart(job.place)
  return sink?.resumed ? temporary(error.key, params, error) : error
}
