import type { Egress } from '../egress.ts'
import { isRedirect, STRICT } from '../http-client.ts'
import { permanent } from './package-error.ts'

const MOST_REDIRECTS = 5

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
}

/** How the package server is asked. */
export interface Asking {
  signal?: AbortSignal
  egress?: Egress
}

/** Follows redirects to the hosts that `egress` allows, but not from https to http. */
export async function followRedirects<T extends Answer>(
  url: URL,
  ask: (url: URL) => Promise<T>,
  { egress = STRICT, discard = () => {} }: { egress?: Egress; discard?: (answer: T) => void } = {},
): Promise<{ url: URL; answer: T }> {
  let current = url
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await ask(current)
    const location = header(answer, 'location')
    if (!isRedirect(answer.status) || !location) return { url: current, answer }

    discard(answer)
    current = targetOf(current, location)
    egress.checkRedirect(url, current)
  }
  throw permanent('package:too_many_redirects', { url: url.href, redirects: MOST_REDIRECTS })
}

function targetOf(from: URL, location: string): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null
  const allowed = from.protocol === 'https:' ? ['https:'] : ['http:', 'https:']
  if (!target || !allowed.includes(target.protocol))
    throw permanent('package:bad_redirect', { url: from.href, location })
  return target
}

export function header(answer: Answer, name: string): string | null {
  const value = answer.headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}
