// Checks one package in a thread of its own: CheckThread is its other side. It imports little, so that it starts fast
// and stays small.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { BrokenGzip, GzipCheck } from './gzip-check.ts'

export interface CheckPlan {
  gzip: boolean
  algorithms: ('sha256' | 'md5')[]
}

export type CheckMessage = Uint8Array | 'end'

/** Its digests come at the end. */
export interface CheckAnswer {
  digests?: string[]
  broken?: Pick<BrokenGzip, 'key' | 'params'>
}

const { gzip, algorithms }: CheckPlan = workerData
const gzipCheck = gzip ? new GzipCheck() : null
const hashes = algorithms.map(algorithm => createHash(algorithm))

parentPort?.on('message', async (message: CheckMessage) => {
  parentPort?.postMessage(await answerTo(message))
})

async function answerTo(message: CheckMessage): Promise<CheckAnswer> {
  try {
    return message === 'end' ? { digests: await end() } : await write(message)
  } catch (error) {
    if (!(error instanceof BrokenGzip)) throw error
    return { broken: { key: error.key, params: error.params } }
  }
}

/** zlib has a thread of its own: both work at the same time. */
async function write(piece: Uint8Array): Promise<CheckAnswer> {
  const checked = gzipCheck?.write(piece)
  for (const hash of hashes) hash.update(piece)
  await checked
  return {}
}

async function end(): Promise<string[]> {
  await gzipCheck?.end()
  return hashes.map(hash => hash.digest('hex'))
}
