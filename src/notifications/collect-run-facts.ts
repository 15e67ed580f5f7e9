import type { Queryable } from '../database/client.ts'
import type {
  RunModel as Run,
  RunEnvironmentModel as RunEnvironment,
  StepModel as Step,
} from '../generated/prisma/models.ts'
import type { Params } from '../lib/i18n.ts'
import { buildUrl, packageUrl } from '../lib/links.ts'
import { type Comparison, isFailing } from '../lib/test-result.ts'
import { unlistedFlaky } from '../runs/flaky-tests.ts'
import type { RunEnd } from '../runs/record-event.ts'
import type { RunEvent, RunPatch, Transition } from '../runs/run-event.ts'
import type { MonitorDetails } from '../runs/step-details.ts'
import { getSettings } from '../settings/settings.ts'
import type { RunFacts } from './run-facts.ts'

/** Collects what messages say about a run that ends. */
export async function collectRunFacts(
  { db, publicUrl }: { db: Queryable; publicUrl: string },
  { run, event, change: { run: patch, closes } }: RunEnd,
  comparison: Comparison | null,
): Promise<RunFacts> {
  const [settings, item, steps, environments, build] = await Promise.all([
    getSettings(db),
    db.testItem.findUnique({ where: { id: run.testItemId } }),
    db.step.findMany({ where: { runId: run.id, attempt: run.attempt }, orderBy: { id: 'asc' } }),
    db.runEnvironment.findMany({ where: { runId: run.id }, orderBy: { id: 'asc' } }),
    run.buildId ? db.build.findUnique({ where: { id: run.buildId } }) : null,
  ])
  const { project_name: projectName, package_build_info_base_url: jenkinsUrl } = settings
  return {
    projectName,
    runUrl: `${publicUrl}/runs/${run.id}`,
    ...factsOf(run, patch),
    item: { name: run.itemName, description: item?.description || null },
    build: {
      job: run.jobName,
      number: run.buildNumber,
      user: build?.buildUser ?? null,
      url: buildUrl(jenkinsUrl, run.jobName, run.buildNumber),
    },
    steps: steps.map(step => ({ name: step.name, durationMs: durationOf(step, patch) })),
    attempts: attemptsBefore(run, environments),
    members: membersOf(run, environments, event),
    report: reportOf(patch, closes),
    changes: comparison && changesIn(comparison),
    flaky: flakyIn(comparison, closes),
    failure: failureOf(patch, closes),
  }
}

function factsOf(run: Run, patch: RunPatch) {
  return {
    runId: run.id,
    status: endOf(patch),
    triggeredBy: run.triggeredBy,
    package: {
      path: run.packagePath,
      url: patch.downloadUrl ?? run.downloadUrl ?? packageUrl(run.packageBaseUrl, run.packagePath),
    },
    startedAt: run.startedAt,
    finishedAt: patch.finishedAt ?? null,
  }
}

function endOf(patch: RunPatch): RunFacts['status'] {
  return patch.status === 'COMPLETED' || patch.status === 'CANCELLED' ? patch.status : 'FAILED'
}

function durationOf(step: Step, patch: RunPatch): number {
  return (step.endTime ?? patch.finishedAt ?? new Date()).getTime() - step.startTime.getTime()
}

function attemptsBefore(run: Run, environments: RunEnvironment[]): RunFacts['attempts'] {
  const earlier = environments.filter(({ attempt }) => attempt < run.attempt)
  return [...Map.groupBy(earlier, ({ attempt }) => attempt)].map(([number, members]) => {
    const failed = members.find(({ errorKey }) => errorKey)
    const params = (failed?.errorParams ?? {}) as Params
    return {
      number,
      environments: members.map(({ environmentName }) => environmentName).join(', '),
      error: failed?.errorKey ? { key: failed.errorKey, params } : '–',
    }
  })
}

/** Where the run has several environments, with what the event that ends it says of each. */
function membersOf(
  run: Run,
  environments: RunEnvironment[],
  { members = [] }: RunEvent,
): RunFacts['members'] {
  if (run.environmentsNeeded < 2) return []
  const rows = environments.filter(({ attempt }) => attempt === run.attempt)
  return rows.map(({ position, environmentName: name }) => {
    const {
      summary = null,
      reportUrl = null,
      error = null,
    } = members.find(each => each.position === position) ?? {}
    return { name, summary, reportUrl, error }
  })
}

function changesIn({ previousRunId, tests }: Comparison): RunFacts['changes'] {
  const compared = previousRunId !== null
  return {
    compared,
    failures: tests.filter(test => (compared ? test.change === 'new_failure' : isFailing(test))),
    stillFailing: tests.filter(({ change }) => change === 'still_failing').length,
    fixed: tests.filter(({ change }) => change === 'fixed').length,
  }
}

function flakyIn(comparison: Comparison | null, closes: Transition['closes']): RunFacts['flaky'] {
  const listed = comparison?.tests.filter(({ flaky }) => flaky) ?? []
  const unlisted = unlistedFlaky((closes?.details ?? null) as MonitorDetails | null)
  return {
    count: listed.length + unlisted.length,
    tests: [...listed.filter(test => !isFailing(test)), ...unlisted.map(name => ({ name, suite: '' }))],
  }
}

function failureOf(patch: RunPatch, closes: Transition['closes']): RunFacts['failure'] {
  if (patch.error) return { step: closes?.name ?? null, error: patch.error }
  if (patch.cancelledBy) {
    return {
      step: closes?.name ?? null,
      error: { key: 'errors:cancelled_by', params: { who: patch.cancelledBy } },
    }
  }
  return null
}

function reportOf(patch: RunPatch, closes: Transition['closes']): RunFacts['report'] {
  const { report } = (closes?.details ?? {}) as MonitorDetails
  return {
    url: patch.reportUrl ?? null,
    summary: patch.summary ?? null,
    tried: (report?.tried ?? []).map(({ url, result }) => ({ url: url ?? '–', result })),
  }
}
