import fc from 'fast-check'
import type { Door } from './door.ts'
import { objectLike, plainText, text } from './inputs.ts'
import type { Requests } from './requests.ts'

const PATHS = [
  ...['/parameter-sets', '/parameter-sets/1', '/settings', '/tests', '/tests/1', '/environments/1'],
  ...['/builds/jobs', '/builds/select', '/builds/sync', '/builds/prune', '/settings/tokens'],
  ...['/settings/mail/test', '/preferences', '/runs/1/cancel', '/runs/queue'],
]

const line = fc.oneof(text, plainText, plainText)
const nested = fc.nat({ max: 3_000 }).map(depth => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
const fields = objectLike({
  name: line,
  description: line,
  extra: fc.oneof(text, nested, fc.json()),
  secret_parameters: line,
  p_base_url: line,
  job_name: line,
  build_id: fc.oneof(fc.nat().map(String), text),
  project_name: line,
  labels: line,
  token: line,
  email: line,
  scope_read: fc.constant('on'),
  expires_at: line,
  back: line,
})

/** What an admin's browser posts. */
export async function formDoor(base: string, admin: string, requests: Requests): Promise<Door> {
  const cookie = `crat_session=${admin}`
  const page = await (await fetch(`${base}/tests`, { headers: { cookie } })).text()
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const headers = { cookie, 'x-csrf-token': csrf, 'content-type': 'application/x-www-form-urlencoded' }
  const inputs = fc
    .tuple(fc.constantFrom(...PATHS), fields)
    .map(([path, typed]) => ({ method: 'POST' as const, path, headers, body: encoded(typed) }))
  return requests.door('forms', inputs)
}

function encoded(typed: unknown): string {
  const pairs = Object.entries(typed ?? {}).map(([name, value]): [string, string] => [
    name.toWellFormed(),
    typeof value === 'string' ? value.toWellFormed() : (JSON.stringify(value) ?? ''),
  ])
  return new URLSearchParams(pairs).toString()
}
