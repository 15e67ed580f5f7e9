import { createHash, randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { isFileName } from './address.ts'
import type { PackageChoice } from './find.ts'
import { permanent } from './package-error.ts'

/** The longest of the endings that are put behind a package's name, a record's draft. */
const ROOM_FOR_ENDING = Buffer.byteLength('.part.json.01234567')

/** Where a package and what is known about it lie. */
export interface Place {
  folder: string
  /** The package under its own name: the test server reads it there. */
  file: string
  /** What is known about it, in JSON. */
  record: string
  /** What has arrived so far. */
  part: string
  partRecord: string
}

/** Builds often give their packages equal names: each directory of the package server has a folder here. */
export function placeOf(folder: string, choice: Pick<PackageChoice, 'name' | 'directory'>): Place {
  const { name, directory } = choice
  if (!isFileName(name) || Buffer.byteLength(name) + ROOM_FOR_ENDING > 255)
    throw permanent('package:bad_name', { name, bytes: 255 - ROOM_FOR_ENDING })
  const subfolder = resolve(folder, createHash('sha256').update(directory).digest('hex').slice(0, 16))
  const file = join(subfolder, name)
  return {
    folder: subfolder,
    file,
    record: `${file}.json`,
    part: `${file}.part`,
    partRecord: `${file}.part.json`,
  }
}

/** Where fetchPackage puts a package: what a run still needs is known before it has arrived. */
export function packagePathOf(folder: string, choice: Pick<PackageChoice, 'name' | 'directory'>): string {
  return placeOf(folder, choice).file
}

/** What the server said by which a version of a file is known again. */
const version = z.object({
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  /** Bytes; null where the server did not say. */
  size: z.number().nullable(),
})
export type Version = z.infer<typeof version>

const keptRecord = z.object({
  url: z.string(),
  version,
  size: z.number(),
  /** The file's own time on disk: whoever changes the file changes it. */
  mtimeMs: z.number(),
  sha256: z.string(),
  verifiedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
})
export type KeptRecord = z.infer<typeof keptRecord>

/** What is known about the package that lies there complete and as it was verified; null where there is none. */
export async function findKept(place: Pick<Place, 'file' | 'record'>): Promise<KeptRecord | null> {
  const record = await readRecord(place.record, keptRecord)
  const file = await statIfThere(place.file)
  const isAsVerified = record && file && file.size === record.size && file.mtimeMs === record.mtimeMs
  return isAsVerified ? record : null
}

export async function findPart(place: Place): Promise<{ bytes: number; version: Version } | null> {
  const found = await readRecord(place.partRecord, version)
  const file = await statIfThere(place.part)
  return found && file && file.size > 0 ? { bytes: file.size, version: found } : null
}

/**
 * Forgets what has arrived. The part is unlinked, never truncated: whoever else may be writing to it goes on
 * writing to a file that nobody reads any more.
 */
export async function removePart(place: Place): Promise<void> {
  await rm(place.part, { force: true })
  await rm(place.partRecord, { force: true })
}

async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch (error) {
    // An unreadable record is no record: the package is fetched again.
    if (isMissing(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** Replaces a record as a whole: several processes read it. */
export async function writeRecord(path: string, record: KeptRecord | Version): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}`
  const file = await open(draft, 'wx')
  try {
    await file.writeFile(JSON.stringify(record))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export async function statIfThere(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'
