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
import { masked } from '../../lib/secrets.ts'
import { sentParameters } from '../../runs/runs.ts'
import { serverHas } from '../features.ts'
import type { ScriptUrls, Step, StepTools } from '../step.ts'

/** Stored before the submit, so that a crash cannot lead to a second one. */
export const announceSubmit: Step = {
  async perform(run, { signal, token, log, scripts }) {
    if (!run.testServerUrl)
      throw new TestServerError('test-server:no_address', { url: '' }, { permanent: true })
    const capabilities = await getCapabilities(run.testServerUrl, { signal, token })
    log.info({ runId: run.id, ...capabilities }, 'test server capabilities')
    const { protocol, features } = capabilities
    const details = detailsOf({ ...run, testServerProtocol: protocol, testServerFeatures: features }, scripts)
    return { type: 'submitting', protocol, features, details: { ...details, ...reasonOf(capabilities) } }
  },
}

const reasonOf = ({ because }: Capabilities) => (because === null ? {} : { version_1_because: because })

export const submit: Step = {
  async perform(run, tools) {
    const { taskId, answer } = await submitRun(run, tools)
    return {
      type: 'submitted',
      taskId,
      answer,
      details: { ...detailsOf(run, tools.scripts), task_id: taskId },
    }
  },
}

export interface PeerSubmission {
  key: string
  peers: object
}

export function submitRun(run: Run, tools: StepTools, peer?: PeerSubmission): Promise<AcceptedTask> {
  const key = peer?.key ?? `${run.id}-${run.attempt}`
  const submission = tools.sealer.open(submissionOf(run, tools.scripts, peer?.peers))
  return serverHas('idempotency', run)
    ? submitWithKey(run, submission, key, tools)
    : submitOnce(run, submission, tools)
}

function detailsOf(run: Run, scripts: ScriptUrls) {
  return {
    url: run.testServerUrl,
    protocol: run.testServerProtocol,
    features: run.testServerFeatures,
    request: masked(submissionOf(run, scripts)),
  }
}

/** Protocol 2 adds the run's id; the feature `package_url` adds where to fetch the file. */
function submissionOf(run: Run, scripts: ScriptUrls, peers: object = {}): Submission {
  return {
    ...(serverHas('peers', run) && peers),
    ...(sentParameters(run) as Submission),
    ...(run.testServerProtocol === 2 && { run_id: run.id }),
    ...(serverHas('package_url', run) && {
      package_url: packageUrlOf(run),
      package_sha256: run.packageSha256,
      package_size: Number(run.packageSize),
    }),
    ...(serverHas('attempts', run) && run.testRetries > 0 && { test_retries: run.testRetries }),
    ...(serverHas('scripts', run) &&
      run.scriptsSha256 && {
        ...{ scripts_url: scripts.urlOf(run.scriptsSha256), scripts_sha256: run.scriptsSha256 },
      }),
  }
}

/** With the user and password of the package server. */
function packageUrlOf({ downloadUrl, packageBaseUrl }: Run): string | null {
  if (!downloadUrl || !URL.canParse(packageBaseUrl)) return downloadUrl
  const [base, url] = [new URL(packageBaseUrl), new URL(downloadUrl)]
  if (base.origin !== url.origin) return downloadUrl
  url.username = base.username
  url.password = base.password
  return url.href
}

async function submitOnce(
  run: Run,
  submission: Submission,
  { signal, token }: StepTools,
): Promise<AcceptedTask> {
  try {
    return await submitTask(run.testServerUrl, submission, { signal, token })
  } catch (error) {
    if (!mayHaveArrived(error)) throw error
    throw unanswered(run, error, 'test-server:submit_unanswered')
  }
}

const RETRY_AFTER_MS = [1_000, 5_000]

/** The key makes it safe to repeat, also by another process after a crash. */
async function submitWithKey(
  run: Run,
  submission: Submission,
  idempotencyKey: string,
  { signal, token }: StepTools,
): Promise<AcceptedTask> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await submitTask(run.testServerUrl, submission, { signal, token, idempotencyKey })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      const retryAfter = error.permanent ? undefined : RETRY_AFTER_MS[attempt - 1]
      if (retryAfter === undefined)
        throw unanswered(run, error, 'test-server:submit_unanswered_again', attempt)
      await pause(retryAfter, undefined, { signal })
    }
  }
}

/** The request may have arrived even though the answer did not. */
function mayHaveArrived(error: unknown): error is HttpError {
  return error instanceof HttpError && ['timeout', 'cut', 'failed', 'too_large'].includes(error.code)
}

function unanswered(run: Run, error: HttpError, key: string, times = 1): AppError {
  return new AppError(key, { reason: error.message, url: run.testServerUrl, times }, { cause: error })
}

export function submitInterrupted(run: Run): AppError {
  return new AppError('test-server:submit_interrupted', { url: run.testServerUrl })
}
