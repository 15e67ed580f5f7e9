import { createHash, randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { isFileName } from './address.ts'
import type { PackageChoice } from './find.ts'
import { permanent } from './package-error.ts'

const MAX_SUFFIX_BYTES = Buffer.byteLength('.part.json.01234567')

export interface Place {
  folder: string
  /** Keeps its own name: the test server reads it. */
  file: string
  record: string
  part: string
  partRecord: string
}

/** Each directory of the package server has its own folder: builds often reuse package names. */
export function placeOf(folder: string, choice: Pick<PackageChoice, 'name' | 'directory'>): Place {
  const { name, directory } = choice
  if (!isFileName(name) || Buffer.byteLength(name) + MAX_SUFFIX_BYTES > 255)
    throw permanent('package:bad_name', { name, bytes: 255 - MAX_SUFFIX_BYTES })
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

export function packagePathOf(folder: string, choice: Pick<PackageChoice, 'name' | 'directory'>): string {
  return placeOf(folder, choice).file
}

const version = z.object({
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  size: z.number().nullable(),
})
export type Version = z.infer<typeof version>

const keptRecord = z.object({
  url: z.string(),
  version,
  size: z.number(),
  mtimeMs: z.number(),
  sha256: z.string(),
  verifiedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
})
export type KeptRecord = z.infer<typeof keptRecord>

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

/** Removes a part. It is unlinked, never truncated: another process may still write to it. */
export async function removePart(place: Place): Promise<void> {
  await rm(place.part, { force: true })
  await rm(place.partRecord, { force: true })
}

async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch (error) {
    // Without a readable record the package is downloaded again.
    if (isMissing(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** Replaces a record atomically: several processes read it. */
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

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
