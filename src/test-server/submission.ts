import { z } from 'zod'

const text = z.string()

/** What version 1 is sent: exactly these fields. */
const strictSubmission = z.strictObject({
  service_name: text.min(1),
  package_path: text.min(1),
  install_dir: text,
  upgrade_type: text,
  test_path: text,
  base_url: text,
  report_keyword: text.min(1),
})

export type Submission = z.infer<typeof strictSubmission>

const tolerantSubmission = strictSubmission.strip()

/** Reads a submitted body. The pickiest servers refuse a field they do not know: `strict` does as they do. */
export function readSubmission(
  body: unknown,
  strict: boolean,
): { submission: Submission } | { error: string } {
  const parsed = (strict ? strictSubmission : tolerantSubmission).safeParse(body)
  if (parsed.success) return { submission: parsed.data }
  return { error: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') }
}
