import { mkdir } from 'node:fs/promises'
import { askForFile, type FileAnswer, giveUp, isUnchanged, refusal, versionOf } from './file-request.ts'
import { BrokenPackage, type PackageError, temporary } from './package-error.ts'
import { beginPart, closePart, keepPart, type Part, resumePart } from './part.ts'
import { receive } from './receive.ts'
import { conditions, continues, isWhole } from './resume.ts'
import { findKept, type KeptRecord, removePart, writeRecord } from './store.ts'
import { digestFile, StreamCheck } from './stream-check.ts'
import { expectSpace, type Transfer, taken } from './transfer-job.ts'

interface Transferred {
  record: KeptRecord
  reused: boolean
}

/** Makes one attempt. A part is always read again first, so that the checksums cover what is on disk. */
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

async function findReusable({ place, checksum, signal }: Transfer): Promise<KeptRecord | null> {
  const kept = await findKept(place)
  if (!kept || !checksum) return kept
  const { algorithm, value } = checksum
  const sum = algorithm === 'sha256' ? kept.sha256 : await digestFile(place.file, algorithm, signal)
  return sum === value ? kept : null
}

async function reuse({ place }: Transfer, kept: KeptRecord): Promise<Transferred> {
  const record = { ...kept, lastUsedAt: new Date().toISOString() }
  await writeRecord(place.record, record)
  return { record, reused: true }
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

/** A resumed part may mix two versions: start over. Without a length, an early end is a lost connection. */
async function dismiss(job: Transfer, part: Part | null, error: BrokenPackage): Promise<PackageError> {
  const params = { ...error.params, attempts: job.attempt }
  const mayGoOn = part && !part.resumed && part.version.size === null && error.key === 'package:truncated'
  if (mayGoOn) return temporary(error.key, params, error)
  await removePart(job.place)
  return part?.resumed ? temporary(error.key, params, error) : error
}
