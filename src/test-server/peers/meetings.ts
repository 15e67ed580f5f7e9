export type PeerState = 'ready' | 'done' | 'failed'

export interface PeerReport {
  run_id: number
  index: number
  task_id: string
  state: PeerState
  reason?: string
}

export interface MeetingView {
  run_id: number
  /** Those that have reported; `lost` said it was ready and is silent since. */
  peers: { index: number; state: PeerState | 'lost'; reason?: string }[]
}

/** Where the peers of a run meet: on the server of the first of them. */
export interface Meetings {
  /** Notes how far a peer is and says how far all are. The same report again changes nothing. */
  report(report: PeerReport): MeetingView
}

interface Member extends PeerReport {
  at: number
}

const LOST_MS = 20_000
const FORGET_MS = 3_600_000

export function createMeetings(now: () => number = Date.now): Meetings {
  const runs = new Map<number, Map<number, Member>>()

  function forgetOld(): void {
    for (const [runId, members] of runs)
      if ([...members.values()].every(({ at }) => now() - at > FORGET_MS)) runs.delete(runId)
  }

  return {
    report(report) {
      forgetOld()
      const members = runs.get(report.run_id) ?? new Map<number, Member>()
      runs.set(report.run_id, members)
      if (isNewRound(members.get(report.index), report)) forgetEnded(members)
      members.set(report.index, { ...report, at: now() })
      return { run_id: report.run_id, peers: [...members.values()].map(member => viewOf(member, now())) }
    },
  }
}

/** A run that is tried again has other tasks. */
function isNewRound(known: Member | undefined, { task_id }: PeerReport): boolean {
  return known !== undefined && known.task_id !== task_id
}

function forgetEnded(members: Map<number, Member>): void {
  for (const [index, { state }] of members) if (state !== 'ready') members.delete(index)
}

function viewOf({ index, state, reason, at }: Member, now: number): MeetingView['peers'][number] {
  const lost = state === 'ready' && now - at > LOST_MS
  return { index, state: lost ? 'lost' : state, ...(reason !== undefined && { reason }) }
}
