import { Blocks } from './blocks.ts'
import { contentRange, type FileAnswer, piecesOf } from './file-request.ts'
import { BrokenPackage, temporary } from './package-error.ts'
import { append, type Part } from './part.ts'
import { inBytes, type Transfer } from './transfer-job.ts'

export async function receive(job: Transfer, answer: FileAnswer, part: Part): Promise<void> {
  const total = part.version.size ?? contentRange(answer)?.size ?? null
  await job.report(part.bytes, total)
  await appendArriving(job, answer, part, total)
  if (total !== null && part.bytes > total)
    throw new BrokenPackage('package:wrong_size', { name: job.choice.name, bytes: part.bytes, total })
  if (total !== null && part.bytes < total) throw cut(job, part, 'it ended too early')
}

/** Also appends what arrived before the connection broke. */
async function appendArriving(
  job: Transfer,
  answer: FileAnswer,
  part: Part,
  total: number | null,
): Promise<void> {
  const blocks = new Blocks(block => append(part, block).catch(failed => stopReceiving(answer, failed)))
  try {
    for await (const piece of arriving(job, answer, part, blocks)) {
      await blocks.add(piece)
      await job.report(part.bytes, total)
    }
  } finally {
    await blocks.end()
  }
}

/** Nothing may arrive for a while: what failed is known at once. */
function stopReceiving({ body }: FileAnswer, error: Error): never {
  body.destroy(error)
  throw error
}

async function* arriving(
  job: Transfer,
  answer: FileAnswer,
  part: Part,
  blocks: Blocks,
): AsyncGenerator<Buffer> {
  const pieces = piecesOf(answer, job.stallMs)
  for (;;) {
    const next = await pieces.next().catch(async (error: Error) => {
      job.signal?.throwIfAborted()
      await blocks.end()
      throw cut(job, part, error.message, error)
    })
    job.signal?.throwIfAborted()
    if (next.done) return
    yield next.value
  }
}

function cut({ choice, attempt }: Transfer, { bytes, version }: Part, reason: string, cause?: Error) {
  const total = version.size === null ? '?' : inBytes(version.size)
  const params = { url: choice.url, name: choice.name, bytes: inBytes(bytes), total, reason }
  return temporary('package:cut', { ...params, attempts: attempt }, cause)
}
