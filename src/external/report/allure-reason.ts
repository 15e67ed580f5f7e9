import * as z from 'zod'
import { beside } from './address.ts'
import { embeddedFiles } from './allure-embedded.ts'
import type { Fetcher } from './fetcher.ts'
import { type Reason, reason } from './test-row.ts'

type ReadReason = (source: string) => Promise<Reason | null>

const MAX_TEST_BYTES = 4 * 1024 * 1024

export function fetchedReasons(list: URL, fetcher: Fetcher): ReadReason {
  return async source => {
    const file = await fetcher.fetch(beside(list, `../${source}`), MAX_TEST_BYTES)
    return file && reasonIn(file.json)
  }
}

export function embeddedReasons(page: Buffer): ReadReason {
  const read = embeddedFiles(page, 'data/test-')
  return async source => reasonIn(read(source))
}

const schema = z.object({
  statusMessage: z.string().nullish(),
  statusTrace: z.string().nullish(),
  error: z.object({ message: z.string().nullish(), trace: z.string().nullish() }).nullish(),
})

function reasonIn(json: unknown): Reason | null {
  const { data } = schema.safeParse(json)
  return data
    ? reason(data.error?.message ?? data.statusMessage, data.error?.trace ?? data.statusTrace)
    : null
}
