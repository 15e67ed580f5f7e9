import { HttpError } from '../../external/http-client.ts'
import { type Submission, submitTask, TestServerError } from '../../external/test-server/index.ts'
import type { RunModel as Run } from '../../generated/prisma/models.ts'
import { AppError } from '../../lib/errors.ts'
import { sentParameters } from '../../runs/runs.ts'
import type { Step } from '../step.ts'

/** Says that a submit is about to happen. It is written down before, so that a crash cannot lead to a second one. */
export const announceSubmit: Step = {
  async perform(run) {
    if (!run.testServerUrl)
      throw new TestServerError('test-server:no_address', { url: '' }, { permanent: true })
    return { type: 'submitting', details: { url: run.testServerUrl, request: submissionOf(run) } }
  },
}

/** Hands the package to the test server. */
export const submit: Step = {
  async perform(run, { signal }) {
    const request = submissionOf(run)
    try {
      const { taskId, answer } = await submitTask(run.testServerUrl, request, { signal })
      return {
        type: 'submitted',
        taskId,
        answer,
        details: { url: run.testServerUrl, request, task_id: taskId },
      }
    } catch (error) {
      throw leavesItOpen(error) ? unanswered(run, error) : error
    }
  },
}

/** Exactly what is sent: the frozen parameters and the file that was downloaded. */
const submissionOf = (run: Run) => sentParameters(run) as Submission

/** The request may have arrived, only the answer did not. */
function leavesItOpen(error: unknown): error is HttpError {
  return error instanceof HttpError && ['timeout', 'cut', 'failed', 'too_large'].includes(error.code)
}

function unanswered(run: Run, error: HttpError): AppError {
  return new AppError(
    'test-server:submit_unanswered',
    { reason: error.message, url: run.testServerUrl },
    { cause: error },
  )
}

/** The event of a run that a dead process left while it was submitting. */
export function submitInterrupted(run: Run): AppError {
  return new AppError('test-server:submit_interrupted', { url: run.testServerUrl })
}
