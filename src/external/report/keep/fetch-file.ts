import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HttpError } from '../../http-client.ts'
import { download } from '../../http-download.ts'
import { beside } from '../address.ts'
import { fileBelow, type KeepLimits, type KeepOptions, type KeptFiles } from './limits.ts'
import { referencesIn } from './references.ts'

export interface Fetching {
  root: URL
  folder: string
  options: KeepOptions
  limits: KeepLimits
  kept: Omit<KeptFiles, 'entry'>
}

const TIMEOUT_MS = 30_000
const MAX_READ_BYTES = 16 * 1024 ** 2
const PAGE = /\.html?$/i
const WITH_REFERENCES = /\.(html?|css|json)$/i

/** Fetches a file of the report into the folder. Returns the paths that it leads to. */
export async function fetchFile(fetching: Fetching, path: string): Promise<string[]> {
  const { href: url } = beside(fetching.root, path.split('/').map(encodeURIComponent).join('/'))
  const { signal, egress } = fetching.options
  const { status, chunks, close } = await download(url, { timeoutMs: TIMEOUT_MS, signal, egress })
  try {
    if (!chunks) throw new HttpError('report:status', { url, status }, { permanent: status < 500 })
    const file = fileBelow(fetching.folder, path)
    const size = await storeFile(fetching, { url, file, chunks })
    return await referencesOf(fetching, { path, url, file, size })
  } finally {
    close()
  }
}

interface Arriving {
  url: string
  file: string
  chunks: AsyncIterable<Buffer>
}

/** Counts bytes as they arrive, since several files arrive at once. */
async function storeFile({ limits, kept }: Fetching, { url, file, chunks }: Arriving): Promise<number> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'w')
  let size = 0
  try {
    for await (const chunk of chunks) {
      size += chunk.length
      kept.bytes += chunk.length
      if (size > limits.fileBytes || kept.bytes > limits.bytes)
        throw new HttpError('http:too_large', { url, max_bytes: limits.fileBytes }, { permanent: true })
      await handle.writeFile(chunk)
    }
    kept.files += 1
    return size
  } catch (error) {
    kept.bytes -= size
    await rm(file, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

interface Stored {
  path: string
  url: string
  file: string
  size: number
}

async function referencesOf({ kept }: Fetching, { path, url, file, size }: Stored): Promise<string[]> {
  if (!WITH_REFERENCES.test(path)) return []
  if (size > MAX_READ_BYTES) {
    // A page of that size is a report in a single file.
    kept.cut ||= !PAGE.test(path)
    return []
  }
  const body = await readFile(file)
  if (!path.endsWith('.json') || !/^\s*</.test(body.toString('latin1', 0, 100)))
    return referencesIn(path, body)
  // A web application may answer any path with its start page.
  await rm(file)
  kept.files -= 1
  kept.bytes -= size
  throw new HttpError('report:html', { url }, { permanent: true })
}
