import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import type { Parser } from 'tar'

/** Feeds a .tgz to a parser of tar until it is through. Throws its first error, or what `check` throws on the way. */
export async function feedTgz(path: string, parser: Parser, check: () => void): Promise<void> {
  let problem: unknown
  parser.on('error', error => {
    problem ??= error
  })
  const closed = new Promise(resolve => parser.on('close', resolve).on('error', resolve))
  for await (const chunk of createReadStream(path)) {
    check()
    if (problem) throw problem
    if (!parser.write(chunk)) await Promise.race([once(parser, 'drain').catch(() => {}), closed])
  }
  parser.end()
  await closed
  check()
  if (problem) throw problem
}
