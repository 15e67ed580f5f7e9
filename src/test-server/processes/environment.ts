import { COOKIE } from './cookie.ts'

/** Of no concern to what we start, or secret. */
const OURS = ['TEST_SERVER_TOKEN', 'NODE_TEST_CONTEXT', 'NODE_OPTIONS']

export function environmentFor(cookie: string, given: Record<string, string> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => !OURS.includes(name))
  return { ...(Object.fromEntries(own) as Record<string, string>), ...given, [COOKIE]: cookie }
}
