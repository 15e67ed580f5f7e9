import { createHash, type Hash } from 'node:crypto'
import type * as z from 'zod'
import { AppError } from '../lib/errors.ts'
import { type Entry, readArchive } from './archive-reader.ts'
import {
  CONTENTS,
  type Contents,
  contentsSchema,
  FOLDERS,
  MANIFEST,
  type Manifest,
  manifestSchema,
} from './manifest.ts'

export interface Verified {
  manifest: Manifest
  contents: Contents
}

/** Reads a backup from its beginning to its end and compares every checksum. */
export async function verifyBackup(file: string): Promise<Verified> {
  try {
    return await readWhole(file)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('backup:broken', { file, reason: (error as Error).message }, { cause: error })
  }
}

async function readWhole(file: string): Promise<Verified> {
  const sums = new Map<string, Sum>()
  let manifest: Manifest | null = null
  let contents: Contents | null = null
  for await (const entry of readArchive(file)) {
    if (entry.path === MANIFEST) manifest = parse(file, manifestSchema, await textOf(entry))
    else if (entry.path === CONTENTS) contents = parse(file, contentsSchema, await textOf(entry))
    else await addTo(sums, file, entry)
  }
  if (!manifest) throw new AppError('backup:foreign', { file })
  if (!contents) throw new AppError('backup:broken', { file, reason: 'it ends before its last entry' })
  compare(file, contents, sums)
  return { manifest, contents }
}

interface Sum {
  bytes: number
  hash: Hash
}

async function addTo(sums: Map<string, Sum>, file: string, entry: Entry): Promise<void> {
  const name = nameOf(entry.path)
  if (name === null) throw new AppError('backup:foreign', { file })
  const sum = sums.get(name) ?? { bytes: 0, hash: createHash('sha256') }
  sums.set(name, sum)
  for await (const piece of entry.pieces()) {
    sum.bytes += piece.length
    sum.hash.update(piece)
  }
}

/** `tables/<name>`, of which there are parts, or `files/<folder>/…`; null for what no backup holds. */
function nameOf(path: string): string | null {
  const table = /^(tables\/\w+)\/\d{6,}$/.exec(path)?.[1]
  if (table) return table
  const [kind, folder = '', ...rest] = path.split('/')
  const isKnown = kind === 'files' && (FOLDERS as readonly string[]).includes(folder) && rest.length > 0
  return isKnown && rest.every(part => part !== '' && part !== '.' && part !== '..') ? path : null
}

function compare(file: string, { tables, files }: Contents, sums: Map<string, Sum>): void {
  const wanted = new Map<string, { bytes: number; sha256: string }>([
    ...Object.entries(tables).map(([name, sum]) => [`tables/${name}`, sum] as const),
    ...Object.entries(files).map(([name, sum]) => [`files/${name}`, sum] as const),
  ])
  for (const [name, { bytes, sha256 }] of wanted) {
    const sum = sums.get(name) ?? { bytes: 0, hash: createHash('sha256') }
    if (sum.bytes !== bytes || sum.hash.digest('hex') !== sha256)
      throw new AppError('backup:broken', { file, reason: `${name} is not as it was written` })
  }
  const unknown = [...sums.keys()].find(name => !wanted.has(name))
  if (unknown) throw new AppError('backup:broken', { file, reason: `${unknown} does not belong to it` })
}

const MOST_TEXT = 64 * 1024 * 1024

async function textOf(entry: Entry): Promise<string> {
  if (entry.size > MOST_TEXT) throw new Error(`${entry.path} is too large`)
  const pieces: Buffer[] = []
  for await (const piece of entry.pieces()) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

function parse<S extends z.ZodType>(file: string, schema: S, text: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('backup:foreign', { file }, { cause })
  }
}
