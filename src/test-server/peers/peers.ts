import { setTimeout as pause } from 'node:timers/promises'
import type { Peer, Submission } from '../submission.ts'
import type { WorkTools } from '../tasks/task.ts'
import type { Meetings, MeetingView, PeerState } from './meetings.ts'

const REPORT_MS = 500
const REPORT_TIMEOUT_MS = 5_000

export interface Peers {
  /** Waits until all are ready. Throws with the names of those that are not in time, or that failed. */
  meet(timeoutMs: number): Promise<void>
  keepReporting(): void
  finish(timeoutMs: number): Promise<void>
  fail(reason: string): Promise<void>
}

export interface PeersOptions {
  submission: Submission
  tools: WorkTools
  meetings: Meetings
  token: string | null
}

export function peersOf(options: PeersOptions): Peers | null {
  const { peers = [], run_id, index } = options.submission
  if (peers.length < 2 || run_id === undefined || index === undefined) return null
  return createPeers(options, { peers, runId: run_id, index })
}

function createPeers(
  { tools, meetings, token }: PeersOptions,
  { peers, runId, index }: { peers: Peer[]; runId: number; index: number },
): Peers {
  const leader = peers.find(peer => peer.index === 0) ?? peers[0]
  const reporting = new AbortController()
  let lastProblem: string | null = null

  async function report(state: PeerState, reason?: string): Promise<MeetingView | null> {
    const own = {
      run_id: runId,
      index,
      task_id: tools.taskId,
      state,
      ...(reason !== undefined && { reason }),
    }
    if (index === 0 || !leader) return meetings.report(own)
    try {
      const view = await send(leader.url, own, token)
      lastProblem = null
      return view
    } catch (error) {
      lastProblem = `${leader.name} at ${leader.url} does not answer: ${(error as Error).message}`
      return null
    }
  }

  const nameOf = (wanted: number) => peers.find(peer => peer.index === wanted)?.name ?? `peer ${wanted}`

  function throwFailed(view: MeetingView): void {
    const failed = view.peers.find(peer => peer.state === 'failed' && peer.index !== index)
    if (failed)
      throw new Error(`The peer ${nameOf(failed.index)} failed: ${failed.reason ?? 'it did not say why'}`)
  }

  function missingFrom(view: MeetingView | null): string {
    if (view === null) return lastProblem ?? ''
    const there = view.peers
      .filter(({ state }) => state === 'ready' || state === 'done')
      .map(peer => peer.index)
    return peers
      .filter(peer => !there.includes(peer.index))
      .map(({ name }) => name)
      .join(', ')
  }

  return {
    async meet(timeoutMs) {
      const deadline = Date.now() + timeoutMs
      for (let shown = -1; ; ) {
        const view = await report('ready')
        const ready = view?.peers.filter(({ state }) => state === 'ready' || state === 'done').length ?? 0
        if (view) throwFailed(view)
        if (ready !== shown) {
          tools.write(`${ready} of ${peers.length} peers are ready\n`)
          await tools.enter(`running:ready ${ready}/${peers.length}`)
        }
        if (ready === peers.length) return
        if (Date.now() >= deadline)
          throw new Error(
            `Not all peers were ready within ${timeoutMs / 1000} s. Missing: ${missingFrom(view)}`,
          )
        shown = ready
        await pause(REPORT_MS, undefined, { signal: tools.signal })
      }
    },
    keepReporting() {
      void repeat(() => report('ready'), reporting.signal)
    },
    async finish(timeoutMs) {
      reporting.abort()
      const deadline = Date.now() + timeoutMs
      for (;;) {
        const view = await report('done')
        const under = view?.peers.filter(({ state }) => state === 'ready').map(peer => nameOf(peer.index))
        if (under?.length === 0) return
        if (Date.now() >= deadline)
          return tools.write(`no longer waiting for ${under?.join(', ') ?? lastProblem}\n`)
        await pause(REPORT_MS, undefined, { signal: tools.signal })
      }
    },
    async fail(reason) {
      reporting.abort()
      await report('failed', reason)
    },
  }
}

async function repeat(action: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await action()
    await pause(REPORT_MS, undefined, { signal, ref: false }).catch(() => {})
  }
}

async function send(
  url: string,
  { run_id, index, ...body }: { run_id: number; index: number },
  token: string | null,
): Promise<MeetingView> {
  const response = await fetch(`${url.replace(/\/+$/, '')}/api/runs/${run_id}/peers/${index}`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REPORT_TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`it answered ${response.status}`)
  return (await response.json()) as MeetingView
}
