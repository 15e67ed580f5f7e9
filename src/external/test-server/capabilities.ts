import { z } from 'zod'
import { maskUserInfo } from '../../lib/secrets.ts'
import { exchange, HttpError } from '../http-client.ts'
import { endpoint, excerpt, parseJson } from './wire.ts'

const FEATURES = ['idempotency', 'long_poll', 'cancel', 'log', 'package_url'] as const

export type Feature = (typeof FEATURES)[number]

export interface Capabilities {
  protocol: 1 | 2
  features: Feature[]
  because: string | null
}

const TIMEOUT_MS = 3_000
const MAX_BYTES = 64 * 1024

const versionTwo = z.object({ protocol: z.literal(2), features: z.array(z.string()) })

/** Reads the server's capabilities. Any failure but an abort means protocol 1. */
export async function getCapabilities(
  baseUrl: string,
  { signal }: { signal: AbortSignal },
): Promise<Capabilities> {
  const url = endpoint(baseUrl, 'api/capabilities')
  const headers = { accept: 'application/json' }
  try {
    const answer = await exchange(url, { headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, signal })
    const parsed = answer.status === 200 ? versionTwo.safeParse(parseJson(answer)) : null
    if (!parsed?.success)
      return versionOne(`${maskUserInfo(url)} answered ${answer.status}: ${excerpt(answer)}`)
    const features = FEATURES.filter(feature => parsed.data.features.includes(feature))
    return { protocol: 2, features, because: null }
  } catch (error) {
    if (error instanceof HttpError) return versionOne(error.message)
    throw error
  }
}

function versionOne(because: string): Capabilities {
  return { protocol: 1, features: [], because }
}
