import {
  type Capabilities,
  cancelTask,
  getCapabilities,
  TestServerError,
} from '../../external/test-server/index.ts'
import { AppError } from '../../lib/errors.ts'
import { withoutUserInfo } from '../../lib/secrets.ts'
import type { Details, Failure, MemberChange, RunEvent } from '../../runs/run-event.ts'
import { failureFrom } from '../failure.ts'
import { serverHas } from '../features.ts'
import type { Member, Step, StepTools } from '../step.ts'
import { combineEnds } from './combine-ends.ts'
import { followToEnd } from './monitor.ts'
import { submitRun } from './test.ts'

/** The steps of a run that has several environments at once. */

export const announceSubmits: Step = {
  async perform(_run, { members, signal }) {
    const capabilities = await Promise.all(
      members.map(({ run, token }) => getCapabilities(run.testServerUrl, { signal, token })),
    )
    return {
      ...{ type: 'submitting', protocol: Math.min(...capabilities.map(({ protocol }) => protocol)) },
      features: commonFeatures(capabilities),
      members: members.map(({ position }, index) => ({ position, ...serverIn(capabilities[index]) })),
      details: { environments: members.map(({ name, run }) => ({ name, url: run.testServerUrl })) },
    }
  },
}

const serverIn = (capabilities?: Capabilities) => ({
  protocol: capabilities?.protocol ?? 1,
  features: capabilities?.features ?? [],
})

/** An interrupted submit is repeated only if each server knows its key. */
function commonFeatures([first, ...others]: Capabilities[]): string[] {
  return first?.features.filter(feature => others.every(({ features }) => features.includes(feature))) ?? []
}

export const submitAll: Step = {
  async perform(run, tools) {
    const peers = tools.members.map(({ position, name, run: { testServerUrl } }) => {
      return { index: position, name, url: withoutUserInfo(testServerUrl) }
    })
    const submits = tools.members.map(member => {
      const own = { index: member.position, count: peers.length, peers }
      const key = `${run.id}-${run.attempt}-${member.position}`
      return submitRun(member.run, { ...tools, token: member.token }, { key, peers: own })
    })
    const answers = await Promise.allSettled(submits)
    tools.signal.throwIfAborted()
    const changes = answers.map((answer, index): MemberChange => {
      const { position } = tools.members[index] as Member
      if (answer.status === 'fulfilled') return { position, taskId: answer.value.taskId }
      return { position, error: failureFrom(answer.reason) }
    })
    const failure = failureOf(tools.members, changes)
    if (failure) {
      await cancelAccepted(tools, changes)
      return { type: 'failed', error: failure, members: changes }
    }
    const tasks = changes.map(({ taskId }) => taskId ?? '')
    const answer = answers.map(each => (each.status === 'fulfilled' ? each.value.answer : null))
    const details = { environments: peers.map((peer, index) => ({ ...peer, task_id: tasks[index] })) }
    return { type: 'submitted', taskId: tasks[0] ?? '', answer, details, members: changes }
  },
}

/** Best effort: the run is over, or is attempted again elsewhere. */
async function cancelAccepted({ members, log }: StepTools, changes: MemberChange[]): Promise<void> {
  const cancels = members.map(async ({ position, run, token }) => {
    const taskId = changes.find(change => change.position === position)?.taskId
    if (taskId && serverHas('cancel', run)) await cancelTask(run.testServerUrl, taskId, { token })
  })
  for (const result of await Promise.allSettled(cancels))
    if (result.status === 'rejected')
      log.warn({ err: result.reason }, 'task not cancelled on the test server')
}

export const monitorAll: Step = {
  async perform(_run, tools) {
    const progress = sharedProgress(tools)
    const ends = await Promise.all(tools.members.map(member => followMember(member, tools, progress)))
    tools.signal.throwIfAborted()
    const changes = ends.map((end, index) => changeOf(tools.members[index] as Member, end))
    const failure = failureOf(tools.members, changes)
    if (!failure) return { ...combineEnds(tools.members, ends), members: changes }
    const answer = ends.map(end => ('answer' in end ? end.answer : null))
    return { type: 'failed', error: failure, answer, members: changes }
  },
}

async function followMember(member: Member, tools: StepTools, progress: Progress): Promise<RunEvent> {
  const { run, token, taskLog, loadPoints } = member
  const own = {
    ...tools,
    token,
    taskLog,
    loadPoints,
    saveProgress: (details: Details) => progress(member, details),
  }
  try {
    return await followToEnd(run, own)
  } catch (error) {
    if (tools.signal.aborted || !(error instanceof AppError)) throw error
    return { type: 'failed', error: failureFrom(error) }
  }
}

type Progress = (member: Member, details: Details) => void

function sharedProgress({ saveProgress }: StepTools): Progress {
  const all: Record<string, Details> = {}
  return ({ name }, details) => {
    all[name] = details
    const [first] = Object.values(all)
    saveProgress({ ...first, environments: { ...all } })
  }
}

function changeOf({ position }: Member, end: RunEvent): MemberChange {
  if (end.type === 'failed') return { position, status: 'FAILED', error: end.error }
  if (end.type !== 'tested') return { position, status: 'DEPLOY_COMPLETE' }
  const { outcome, reportUrl, summary } = end
  return { position, status: 'COMPLETED', outcome, reportUrl, summary }
}

function failureOf(members: Member[], changes: MemberChange[]): Failure | null {
  const failed = changes.find(({ error }) => error)
  if (!failed?.error) return null
  const name = members.find(({ position }) => position === failed.position)?.name ?? ''
  const { key, message, params } = failed.error
  const status = params.status ?? null
  return failureFrom(
    new TestServerError(
      'test-server:member_failed',
      { name, reason: message, code: key, status },
      { permanent: true },
    ),
  )
}
