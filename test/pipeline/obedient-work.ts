import type { Submission } from '../../src/test-server/submission.ts'
import type { Work, WorkTools } from '../../src/test-server/tasks/task.ts'

/** What a test server does for one task, as the test says. */
export interface ObedientTask extends WorkTools {
  submission: Submission
  /** Ends it well; its report is none that can be read. */
  finish(): void
}

/** Work of a reference test server that does nothing by itself. */
export function obedientWork(): { work: Work; task(nth?: number): Promise<ObedientTask> } {
  const begun: PromiseWithResolvers<ObedientTask>[] = []
  const place = (index: number) => {
    begun[index] ??= Promise.withResolvers<ObedientTask>()
    return begun[index]
  }
  let count = 0
  return {
    async work(submission, tools) {
      const end = Promise.withResolvers<void>()
      tools.signal.addEventListener('abort', () => end.reject(tools.signal.reason))
      place(count++).resolve({ ...tools, submission, finish: end.resolve })
      await end.promise
      const { service_name, upgrade_type } = submission
      const deploy = { service: service_name, upgrade_type, success: true }
      return { deploy, test: { report_url: 'None' } }
    },
    /** The `nth` task that began, past or to come. */
    task: (nth = 1) => place(nth - 1).promise,
  }
}
