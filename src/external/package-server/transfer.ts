import { mkdir, statfs } from 'node:fs/promises'
import { formatBytes } from '../../lib/format.ts'
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
import { BrokenPackage, type PackageError, permanent, temporary } from './package-error.ts'
import { append, beginPart, closePart, keepPart, type Part, resumePart } from './part.ts'
import { findKept, type KeptRecord, type Place, removePart, writeRecord } from './store.ts'
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

/**
 * One attempt: goes on from what has arrived, or uses again what lies here complete, or starts over. What has
 * arrived is read again first, also in the process that wrote it: there is one way to resume, and the sums cover
 * what is on the disk.
 */
export async function transfer(job: Transfer): Promise<Transferred> {
  await mkdir(job.place.folder, { recursive: true })
  const newCheck = () => new StreamCheck(job.choice.name, job.checksum?.algorithm)
  let part = await resumePart(job.place, newCheck, job.signal)
  try {
    const kept = part ? null : await findReusable(job)
    const answer = await askForFile(job.choice.url, conditions(part, kept), job)
    try {
      if (kept && isUnchanged(kept.version, answer)) return await reuse(job, kept)
      if (part && (continues(answer, part) || isWhole(answer, part))) {
        job.resumed()
        await expectSpace(job, (part.version.size ?? part.bytes) - part.bytes)
      } else {
        await closePart(part)
        part = await startOver(job, answer, newCheck)
      }
      if (!isWhole(answer, part)) await receive(job, answer, part)
    } finally {
      giveUp(answer)
    }
    return { record: await finish(job, part), reused: false }
  } catch (error) {
    if (!(error instanceof BrokenPackage)) throw error
    throw await dismiss(job, part, error)
  } finally {
    await closePart(part)
  }
}

/** A package that was verified before, unless the checksum beside it says something else now. */
async function findReusable({ place, checksum, signal }: Transfer): Promise<KeptRecord | null> {
  const kept = await findKept(place)
  if (!kept || !checksum) return kept
  const { algorithm, value } = checksum
  const sum = algorithm === 'sha256' ? kept.sha256 : await digestFile(place.file, algorithm, signal)
  return sum === value ? kept : null
}

function conditions(part: Part | null, kept: KeptRecord | null): Record<string, string> {
  const condition = part && ifRange(part.version)
  if (part && condition) return { range: `bytes=${part.bytes}-`, 'if-range': condition }
  return kept?.version.etag ? { 'if-none-match': kept.version.etag } : {}
}

async function reuse({ place }: Transfer, kept: KeptRecord): Promise<Transferred> {
  const record = { ...kept, lastUsedAt: new Date().toISOString() }
  await writeRecord(place.record, record)
  return { record, reused: true }
}

/** All of it had arrived: the server has nothing behind its last byte. */
function isWhole(answer: FileAnswer, part: Part): boolean {
  return answer.status === 416 && contentRange(answer)?.size === part.bytes
}

/** Whether the answer is the rest of that same version. */
function continues(answer: FileAnswer, { bytes, version }: Part): boolean {
  const range = contentRange(answer)
  if (answer.status !== 206 || range?.start !== bytes) return false
  const { etag } = versionOf(answer)
  const isSameSize = version.size === null || range.size === null || version.size === range.size
  return isSameSize && (etag === null || version.etag === null || etag === version.etag)
}

async function startOver(job: Transfer, answer: FileAnswer, newCheck: () => StreamCheck): Promise<Part> {
  const { place, choice, attempt } = job
  const { url, name } = choice
  if (answer.status === 206 || answer.status === 416) {
    await removePart(place)
    throw temporary('package:cannot_resume', { url, name, status: answer.status, attempts: attempt })
  }
  if (answer.status !== 200) throw refusal(url, answer.status)

  const version = versionOf(answer)
  await removePart(place)
  await expectSpace(job, version.size ?? 0)
  const part = await beginPart(place, newCheck(), version)
  if (!part) throw taken(job)
  return part
}

const taken = ({ choice, attempt }: Transfer) =>
  temporary('package:taken', { name: choice.name, attempts: attempt })

async function receive(job: Transfer, answer: FileAnswer, part: Part): Promise<void> {
  const total = part.version.size ?? contentRange(answer)?.size ?? null
  await job.report(part.bytes, total)
  for await (const piece of arriving(job, answer, part)) {
    await append(part, piece)
    await job.report(part.bytes, total)
  }
  if (total !== null && part.bytes > total)
    throw new BrokenPackage('package:wrong_size', { name: job.choice.name, bytes: part.bytes, total })
  if (total !== null && part.bytes < total) throw cut(job, part, 'it ended too early')
}

async function expectSpace({ place, reserveBytes, choice }: Transfer, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(place.folder)
  if (bytes + reserveBytes <= bavail * bsize) return
  throw permanent('package:no_space', {
    name: choice.name,
    folder: place.folder,
    needed: inBytes(bytes + reserveBytes),
    free: inBytes(bavail * bsize),
  })
}

/** The pieces of the answer; the wire's failures, and no others, become a reason for another attempt. */
async function* arriving(job: Transfer, answer: FileAnswer, part: Part): AsyncGenerator<Buffer> {
  const pieces = piecesOf(answer, job.stallMs)
  for (;;) {
    const next = await pieces.next().catch((error: Error) => {
      job.signal?.throwIfAborted()
      throw cut(job, part, error.message, error)
    })
    job.signal?.throwIfAborted()
    if (next.done) return
    yield next.value
  }
}

// The same in every language.
const inBytes = (bytes: number) => formatBytes('en', bytes)

function cut({ choice, attempt }: Transfer, { bytes, version }: Part, reason: string, cause?: Error) {
  const total = version.size === null ? '?' : inBytes(version.size)
  const params = { url: choice.url, name: choice.name, bytes: inBytes(bytes), total, reason }
  return temporary('package:cut', { ...params, attempts: attempt }, cause)
}

async function finish(job: Transfer, part: Part): Promise<KeptRecord> {
  const { choice, place, checksum } = job
  const digests = await part.check.end()
  const actual = checksum && digests[checksum.algorithm]
  if (checksum && actual !== checksum.value)
    throw new BrokenPackage('package:checksum_mismatch', {
      name: choice.name,
      algorithm: checksum.algorithm.toUpperCase(),
      expected: checksum.value,
      actual: actual ?? '',
      url: checksum.url,
    })

  const record = await keepPart(place, part, { url: choice.url, sha256: digests.sha256 })
  if (!record) throw taken(job)
  return record
}

/**
 * A package that came in one piece and is broken is broken on the server. Pieces may stem from different versions:
 * they deserve another attempt from the start. Where the server gave no length, a stream that ends too early is one
 * more broken connection.
 */
async function dismiss(job: Transfer, part: Part | null, error: BrokenPackage): Promise<PackageError> {
  const params = { ...error.params, attempts: job.attempt }
  const mayGoOn = part && !part.resumed && part.version.size === null && error.key === 'package:truncated'
  if (mayGoOn) return temporary(error.key, params, error)
  await removePart(job.place)
  return part?.resumed ? temporary(error.key, params, error) : error
}
