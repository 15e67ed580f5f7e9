import * as z from 'zod'
import { stages, thresholds } from './load/stages.ts'

const text = z.string()
const sha256 = text.regex(/^[0-9a-f]{64}$/i)

/** What version 1 is sent: exactly these fields. */
const versionOne = z.strictObject({
  service_name: text.min(1),
  package_path: text.min(1),
  install_dir: text,
  upgrade_type: text,
  test_path: text,
  base_url: text,
  report_keyword: text.min(1),
})

const peer = z.object({ index: z.int().nonnegative(), name: text.min(1), url: z.url() })
export type Peer = z.output<typeof peer>

const network = z.object({
  latency_ms: z.number().nonnegative().max(60_000).optional(),
  loss_percent: z.number().min(0).max(100).optional(),
})

const MAX_PEERS = 16

const versionTwo = versionOne.extend({
  run_id: z.int().optional(),
  package_url: z.url().optional(),
  package_sha256: sha256.optional(),
  package_size: z.int().nonnegative().optional(),
  test_retries: z.int().min(0).max(5).optional(),
  index: z.int().nonnegative().optional(),
  count: z.int().positive().max(MAX_PEERS).optional(),
  peers: z.array(peer).max(MAX_PEERS).optional(),
  scripts_url: z.url().optional(),
  scripts_sha256: sha256.optional(),
  stages: stages.optional(),
  thresholds: thresholds.optional(),
  network: network.optional(),
})

const KNOWN = Object.keys(versionTwo.shape)

export type Submission = z.input<typeof versionTwo>
export type Protocol = 1 | 2

/** Reads a submitted body. The pickiest servers refuse a field they do not know: `strict` does as they do. */
export function readSubmission(
  body: unknown,
  { strict, protocol }: { strict: boolean; protocol: Protocol },
): { submission: Submission } | { error: string } {
  const schema = protocol === 2 ? versionTwo : versionOne
  const parsed = (strict ? schema : schema.loose()).safeParse(body)
  if (parsed.success) return { submission: body as Submission }
  return { error: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') }
}

/** What an admin put into the parameter set beyond the fields of the protocol. */
export function parametersOf(submission: Submission): Record<string, unknown> {
  return Object.fromEntries(Object.entries(submission).filter(([name]) => !KNOWN.includes(name)))
}
