import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchiveWriter } from './archive-writer.ts'
import type { Contents, Folder } from './manifest.ts'

/** What is being written has a name of its own until it is whole. */
const UNFINISHED: Record<Folder, RegExp> = {
  'script-bundles': /^script-bundles\/[^/]+\.upload$/,
  spool: /^spool\/[^/]+\.draft$/,
  reports: /^reports\/[^/]+\/[^/]+\.part$/,
}

/** Adds every file of a folder of DATA_DIR. */
export async function addFolder(
  archive: ArchiveWriter,
  dataDir: string,
  folder: Folder,
  contents: Contents,
): Promise<void> {
  for await (const path of filesBelow(dataDir, folder, UNFINISHED[folder])) {
    const file = await open(join(dataDir, path)).catch(ignoreMissing)
    if (!file) continue
    try {
      const { size } = await file.stat()
      contents.files[path] = await archive.addStream(`files/${path}`, size, read(file, size))
    } finally {
      await file.close()
    }
  }
}

async function* filesBelow(dataDir: string, folder: string, unfinished: RegExp): AsyncGenerator<string> {
  const entries = await readdir(join(dataDir, folder), { withFileTypes: true }).catch(ignoreMissing)
  for (const entry of entries ?? []) {
    const path = `${folder}/${entry.name}`
    if (unfinished.test(path)) continue
    if (entry.isDirectory()) yield* filesBelow(dataDir, path, unfinished)
    else if (entry.isFile()) yield path
  }
}

/** No further than it was when it was opened. */
function read(file: FileHandle, size: number): AsyncIterable<Buffer> {
  return size ? file.createReadStream({ end: size - 1, autoClose: false }) : noBytes()
}

async function* noBytes(): AsyncGenerator<Buffer> {}

/** Housekeeping removed it since it was listed. */
function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
