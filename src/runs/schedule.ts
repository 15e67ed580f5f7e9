/** Which run starts where. Pure: the workers, the queue's page and the simulation share it. */

export interface Place {
  id: number
  name: string
  labels: readonly string[]
  state: 'ready' | 'paused' | 'quarantined'
  runId: number | null
  /** Also until the worker of a run that has ended is done with it. */
  held: boolean
  /** Estimated until it is free, and whether from earlier runs. */
  busySeconds: number
  isKnown: boolean
}

export interface Demand {
  labels: readonly string[]
  wantedEnvironmentId: number | null
  needed: number
}

export interface WaitingRun extends Demand {
  id: number
  usualSeconds: number | null
  tried: readonly { environmentId: number; secondsAgo: number }[]
}

export interface Schedule {
  places: readonly Place[]
  waiting: readonly WaitingRun[]
  queuePaused: boolean
}

export interface Start<R extends WaitingRun = WaitingRun> {
  run: R
  places: Place[]
}

/** An attempt is repeated in the same environment only where no other is left, and not at once. */
const SAME_AGAIN_AFTER_SECONDS = 5

export function fits({ labels, wantedEnvironmentId }: Omit<Demand, 'needed'>, place: Place): boolean {
  if (wantedEnvironmentId !== null && wantedEnvironmentId !== place.id) return false
  return labels.every(label => place.labels.includes(label))
}

export const isFree = ({ state, runId }: Place) => state === 'ready' && runId === null

/** Chooses the runs that start now: in the order of the queue, each as soon as what it needs is free. */
export function planStarts({ places, waiting, queuePaused }: Schedule): Start[] {
  if (queuePaused) return []
  const free = new Set(places.filter(({ state, held }) => state === 'ready' && !held))
  const held: Hold[] = []
  const starts: Start[] = []
  for (const run of waiting) {
    if (!free.size) break
    const candidates = candidatesFor(run, [...free], places).filter(place => mayUse(run, place, held))
    if (candidates.length >= run.needed) {
      const chosen = candidates.sort(leastSpecialFirst).slice(0, run.needed)
      for (const place of chosen) free.delete(place)
      starts.push({ run, places: chosen })
    } else if (run.needed > 1) {
      const hold = holdFor(run, candidates, places, held)
      if (hold) held.push(hold)
    }
  }
  return starts
}

function candidatesFor(run: WaitingRun, free: Place[], places: readonly Place[]): Place[] {
  const fitting = free.filter(place => fits(run, place))
  if (!run.tried.length) return fitting
  const triedIn = (place: Place) => run.tried.find(({ environmentId }) => environmentId === place.id)
  const others = places.filter(place => place.state === 'ready' && fits(run, place) && !triedIn(place))
  if (others.length >= run.needed) return fitting.filter(place => !triedIn(place))
  return fitting.filter(place => (triedIn(place)?.secondsAgo ?? Infinity) >= SAME_AGAIN_AFTER_SECONDS)
}

/** Specialised environments are left to the runs that need them. */
function leastSpecialFirst(a: Place, b: Place): number {
  return a.labels.length - b.labels.length || a.id - b.id
}

/** Free environments that wait for others, for a run that needs several. Made anew in each pass, oldest run first. */
interface Hold {
  places: Set<Place>
  fitting: Set<Place>
  seconds: number
}

/**
 * Only the oldest of the runs that compete for the same environments holds any, and only while enough of them are in
 * service: so two such runs cannot block each other. It ends with the runs that are active there, each of which has its
 * own limit.
 */
function holdFor(
  run: WaitingRun,
  candidates: Place[],
  places: readonly Place[],
  held: readonly Hold[],
): Hold | null {
  const fitting = places.filter(place => place.state === 'ready' && fits(run, place))
  if (fitting.length < run.needed) return null
  if (held.some(hold => fitting.some(place => hold.fitting.has(place)))) return null
  const busy = fitting.filter(({ runId }) => runId !== null).map(({ busySeconds }) => busySeconds)
  const missing = run.needed - candidates.length
  const seconds = busy.sort((a, b) => a - b)[missing - 1] ?? 0
  return { places: new Set(candidates), fitting: new Set(fitting), seconds }
}

/** A held environment is lent to a run that ends before the others are expected to be free. */
function mayUse({ usualSeconds }: WaitingRun, place: Place, held: readonly Hold[]): boolean {
  const hold = held.find(({ places }) => places.has(place))
  return !hold || (usualSeconds !== null && usualSeconds <= hold.seconds)
}

/** Of a run that is active: expects a run that takes longer than usual to go on for as long as it is late. */
export function remainingSeconds(usualSeconds: number | null, elapsedSeconds: number): number {
  return Math.abs((usualSeconds ?? 2 * elapsedSeconds) - elapsedSeconds)
}

/** Why nothing that is queued starts, though nothing runs. */
export function explainStandstill({ places, queuePaused }: Schedule): 'paused' | 'none_ready' | null {
  if (queuePaused) return 'paused'
  return places.some(({ state }) => state === 'ready') ? null : 'none_ready'
}

export type WaitReason = 'busy' | 'none_ready' | 'no_match' | 'together'

export interface Wait {
  reason: WaitReason
  have: number
  need: number
  unready: string[]
}

export function explainWait(run: Demand, places: readonly Place[]): Wait | null {
  const fitting = places.filter(place => fits(run, place))
  const ready = fitting.filter(({ state }) => state === 'ready')
  const have = ready.filter(isFree).length
  const wait = (reason: WaitReason, unready: string[] = []) => ({ reason, have, need: run.needed, unready })
  if (fitting.length < run.needed) return wait('no_match')
  if (ready.length < run.needed)
    return wait(
      'none_ready',
      fitting.filter(({ state }) => state !== 'ready').map(({ name }) => name),
    )
  if (have >= run.needed) return null
  return wait(run.needed > 1 ? 'together' : 'busy')
}
