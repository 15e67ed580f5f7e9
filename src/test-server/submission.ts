import * as z from 'zod'

const text = z.string()

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

/** What version 2 may be sent beside them: whose task it is, and where to fetch the package if the path is not here. */
const versionTwo = versionOne.extend({
  run_id: z.int().optional(),
  package_url: z.url().optional(),
  package_sha256: text.regex(/^[0-9a-f]{64}$/i).optional(),
  package_size: z.int().nonnegative().optional(),
})

export type Submission = z.infer<typeof versionTwo>

export type Protocol = 1 | 2

/** Reads a submitted body. The pickiest servers refuse a field they do not know: `strict` does as they do. */
export function readSubmission(
  body: unknown,
  { strict, protocol }: { strict: boolean; protocol: Protocol },
): { submission: Submission } | { error: string } {
  const schema = protocol === 2 ? versionTwo : versionOne
  const parsed = (strict ? schema : schema.strip()).safeParse(body)
  if (parsed.success) return { submission: parsed.data }
  return { error: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') }
}
