import type { Answer, Target } from './target.ts'

export class Violation extends Error {}

/** It cannot be tried, for a reason that breaks no rule. */
export class NotTried extends Error {}

export interface CheckContext {
  target: Target
  token: string | null
  protocol: 1 | 2
  features: string[]
  submit(fields?: object, key?: string): Promise<string>
}

export interface Check {
  name: string
  feature?: string
  /** Throws a Violation, or answers what is worth saying. */
  run(context: CheckContext): Promise<string | undefined>
}

export function expect(holds: unknown, sentence: string): asserts holds {
  if (!holds) throw new Violation(sentence)
}

export function expectStatus(answer: Answer, wanted: number[], what: string): void {
  const excerpt = Buffer.from(answer.bytes).toString('utf8').slice(0, 200)
  expect(
    wanted.includes(answer.status),
    `${what} answered ${answer.status}, not ${wanted.join(' or ')}: ${excerpt}`,
  )
}

export const DRY_RUN = '/api/deploy_and_test_mock'

export const SUBMISSION = {
  service_name: 'protocol-check',
  package_path: '/nowhere/protocol-check-1.0_release.tgz',
  install_dir: '',
  upgrade_type: 'full',
  test_path: '',
  base_url: '',
  report_keyword: 'protocol-check',
}

const END_MS = 5 * 60_000

export interface ShownTask {
  status: string
  json: Record<string, unknown>
}

export async function look(
  target: Target,
  taskId: string,
  query = '',
): Promise<ShownTask & { tookMs: number }> {
  const answer = await target.get(`/api/tasks/${encodeURIComponent(taskId)}${query}`)
  expectStatus(answer, [200], 'GET /api/tasks/{id}')
  const { json, tookMs } = answer
  expect(typeof json?.status === 'string' && json.status, 'GET /api/tasks/{id} has no "status"')
  return { status: json.status, json, tookMs }
}

export const isOver = (status: string) => ['completed', 'failed', 'cancelled'].includes(status)

export async function follow(target: Target, taskId: string): Promise<ShownTask[]> {
  const seen: ShownTask[] = []
  const deadline = Date.now() + END_MS
  for (;;) {
    const task = await look(target, taskId)
    if (task.status !== seen.at(-1)?.status || isOver(task.status)) seen.push(task)
    if (isOver(task.status)) return seen
    expect(Date.now() < deadline, `The dry run did not end within ${END_MS / 60_000} minutes: ${task.status}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
