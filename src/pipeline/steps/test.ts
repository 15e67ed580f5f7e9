import { setTimeout as pause } from 'node:timers/promises'
import { HttpError } from '../../external/http-client.ts'
import {
  type AcceptedTask,
  type Capabilities,
  getCapabilities,
  type Submission,
  submitTask,
  TestServerError,
} from '../../external/test-server/index.ts'
import type { RunModel as Run } from '../../generated/prisma/models.ts'
import { AppError } from '../../lib/errors.ts'
import { sentParameters } from '../../runs/runs.ts'
import { serverHas } from '../features.ts'
import type { Step } from '../step.ts'

/**
 * Asks what the test server can do and says that a submit is about to happen. Both are written down before, so that
 * a crash cannot lead to a second one.
 */
export const announceSubmit: Step = {
  async perform(run, { signal, log }) {
    if (!run.testServerUrl)
      throw new TestServerError('test-server:no_address', { url: '' }, { permanent: true })
    const capabilities = await getCapabilities(run.testServerUrl, { signal })
    log.info({ runId: run.id, ...capabilities }, 'the test server said what it can do')
    const { protocol, features } = capabilities
    const details = detailsOf({ ...run, testServerProtocol: protocol, testServerFeatures: features })
    return { type: 'submitting', protocol, features, details: { ...details, ...reasonOf(capabilities) } }
  },
}

const reasonOf = ({ because }: Capabilities) => (because === null ? {} : { version_1_because: because })

/** Hands the package to the test server. */
export const submit: Step = {
  async perform(run, { signal }) {
    const { taskId, answer } = serverHas('idempotency', run)
      ? await handOverWithKey(run, signal)
      : await handOverOnce(run, signal)
    return { type: 'submitted', taskId, answer, details: { ...detailsOf(run), task_id: taskId } }
  },
}

function detailsOf(run: Run) {
  return {
    url: run.testServerUrl,
    protocol: run.testServerProtocol,
    features: run.testServerFeatures,
    request: submissionOf(run),
  }
}

/**
 * Exactly what is sent: the frozen parameters and the file that was downloaded. Version 2 is also told whose task it
 * is; one with `package_url`, where to fetch that file itself and how to know it.
 */
function submissionOf(run: Run): Submission {
  return {
    ...(sentParameters(run) as Submission),
    ...(run.testServerProtocol === 2 && { run_id: run.id }),
    ...(serverHas('package_url', run) && {
      package_url: run.downloadUrl,
      package_sha256: run.packageSha256,
      package_size: Number(run.packageSize),
    }),
  }
}

async function handOverOnce(run: Run, signal: AbortSignal): Promise<AcceptedTask> {
  try {
    return await submitTask(run.testServerUrl, submissionOf(run), { signal })
  } catch (error) {
    if (!leavesItOpen(error)) throw error
    throw unanswered(run, error, 'test-server:submit_unanswered')
  }
}

/** A run submits one task: a retry by a person is a run of its own. */
const ATTEMPT = 1
const REPEAT_AFTER_MS = [1_000, 5_000]

/** With the same key the same task is meant, however often it is said, also by another process after a crash. */
async function handOverWithKey(run: Run, signal: AbortSignal): Promise<AcceptedTask> {
  const idempotencyKey = `${run.id}-${ATTEMPT}`
  for (let times = 1; ; times += 1) {
    try {
      return await submitTask(run.testServerUrl, submissionOf(run), { signal, idempotencyKey })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      const again = error.permanent ? undefined : REPEAT_AFTER_MS[times - 1]
      if (again === undefined) throw unanswered(run, error, 'test-server:submit_unanswered_again', times)
      await pause(again, undefined, { signal })
    }
  }
}

/** The request may have arrived, only the answer did not. */
function leavesItOpen(error: unknown): error is HttpError {
  return error instanceof HttpError && ['timeout', 'cut', 'failed', 'too_large'].includes(error.code)
}

function unanswered(run: Run, error: HttpError, key: string, times = 1): AppError {
  return new AppError(key, { reason: error.message, url: run.testServerUrl, times }, { cause: error })
}

/** The event of a run that a dead process left while it was submitting. */
export function submitInterrupted(run: Run): AppError {
  return new AppError('test-server:submit_interrupted', { url: run.testServerUrl })
}
