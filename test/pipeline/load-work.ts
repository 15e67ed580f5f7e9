import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Work } from '../../src/test-server/tasks/task.ts'

export interface LoadTask {
  /** Adds points, a second apart, as a load engine writes them. */
  point(...users: number[]): Promise<void>
  finish(): void
}

/** Work of a reference test server: a load test that goes as the test says, and breaks `breaches`. */
export function loadWork(breaches: string[]): { work: Work; task: Promise<LoadTask> } {
  const begun = Promise.withResolvers<LoadTask>()
  return {
    task: begun.promise,
    async work({ service_name, upgrade_type }, { folder, enter, signal }) {
      await enter('running:test')
      const end = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => end.reject(signal.reason))
      let t = 0
      begun.resolve({
        finish: end.resolve,
        async point(...all) {
          const lines = all.map(users => {
            t += 1
            return `${JSON.stringify({ t, users_planned: 10, users, rps: users * 4, p95_ms: 812, errors: 1 })}\n`
          })
          await appendFile(join(folder, 'points.jsonl'), lines.join(''))
        },
      })
      await end.promise
      const load = { p95_ms: 812, rps: 40, error_rate: 0.02, breaches }
      return {
        deploy: { service: service_name, upgrade_type, success: true },
        test: { report_url: 'None', load },
      }
    },
  }
}
