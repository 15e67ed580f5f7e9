import { contentRange, type FileAnswer, piecesOf } from './file-request.ts'
import { BrokenPackage, temporary } from './package-error.ts'
import { append, type Part } from './part.ts'
import { inBytes, type Transfer } from './transfer-job.ts'

export async function receive(job: Transfer, answer: FileAnswer, part: Part): Promise<void> {
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

function cut({ choice, attempt }: Transfer, { bytes, version }: Part, reason: string, cause?: Error) {
  const total = version.size === null ? '?' : inBytes(version.size)
  const params = { url: choice.url, name: choice.name, bytes: inBytes(bytes), total, reason }
  return temporary('package:cut', { ...params, attempts: attempt }, cause)
}
