import * as z from 'zod'
import { maskUserInfo } from '../../lib/secrets.ts'
import { exchange, type HttpAnswer, HttpError } from '../http-client.ts'
import {
  type Authorized,
  endpoint,
  excerpt,
  failure,
  headersFor,
  parseJson,
  TestServerError,
} from './wire.ts'

const FEATURES = [
  ...(['idempotency', 'long_poll', 'cancel', 'log', 'package_url'] as const),
  ...(['metrics', 'attempts', 'peers', 'scripts', 'report_archive'] as const),
] as const

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
  { signal, token }: Authorized & { signal: AbortSignal },
): Promise<Capabilities> {
  const url = endpoint(baseUrl, 'api/capabilities')
  try {
    const answer = await exchange(url, {
      headers: headersFor({ token }),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      signal,
    })
    return (
      capabilitiesIn(answer) ??
      versionOne(`${maskUserInfo(url)} answered ${answer.status}: ${excerpt(answer)}`)
    )
  } catch (error) {
    if (error instanceof HttpError) return versionOne(error.message)
    throw error
  }
}

function capabilitiesIn(answer: HttpAnswer): Capabilities | null {
  const parsed = answer.status === 200 ? versionTwo.safeParse(parseJson(answer)) : null
  if (!parsed?.success) return null
  const features = FEATURES.filter(feature => parsed.data.features.includes(feature))
  return { protocol: 2, features, because: null }
}

function versionOne(because: string): Capabilities {
  return { protocol: 1, features: [], because }
}

export interface ServerCheck {
  reachable: boolean
  protocol: 1 | 2 | null
  features: Feature[]
  tookMs: number
  error: HttpError | TestServerError | null
}

/** Reports whether the server works. One of version 1 does not know the address asked for: any answer of its own is good. */
export async function checkServer(baseUrl: string, options: Authorized = {}): Promise<ServerCheck> {
  const startedAt = performance.now()
  const took = () => Math.round(performance.now() - startedAt)
  const broken = (error: HttpError | TestServerError): ServerCheck => {
    return { reachable: false, protocol: null, features: [], tookMs: took(), error }
  }
  try {
    const url = endpoint(baseUrl, 'api/capabilities')
    const answer = await exchange(url, {
      headers: headersFor(options),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    })
    const refused = answer.status >= 500 || [401, 403].includes(answer.status)
    if (refused)
      return broken(
        failure('test-server:check_refused', { url, status: answer.status, answer: excerpt(answer) }),
      )
    const { protocol, features } = capabilitiesIn(answer) ?? versionOne('')
    return { reachable: true, protocol, features, tookMs: took(), error: null }
  } catch (error) {
    if (error instanceof HttpError || error instanceof TestServerError) return broken(error)
    throw error
  }
}
