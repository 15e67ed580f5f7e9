import { type Demand, explainWait, fits, isFree, type Place, type Schedule, type Wait } from './schedule.ts'

export interface Forecast {
  position: number | null
  waitingFor: number | null
  etaSeconds: number | null
  wait: Wait | null
  queuePaused: boolean
  /** Where it may run, by name. */
  environments: string[]
}

/** Runs that ask for the same, so that a long queue is quick to forecast. */
interface Group {
  demand: Demand
  fitting: Place[]
  names: string[]
  wait: Wait | null
  rivals: Group[]
  /** Of the queue, up to where the forecast is. */
  count: number
  lastRunId: number | null
}

export function forecastQueue({ places, waiting, queuePaused }: Schedule): Map<number, Forecast> {
  const groups = groupsOf(waiting, places)
  const line = places.filter(({ state }) => state === 'ready').map(expectedFree)
  const forecasts = new Map<number, Forecast>()
  for (const run of waiting) {
    const group = groups.get(keyOf(run))
    if (!group) continue
    const ahead = group.rivals.reduce((sum, { count }) => sum + count, 0)
    const free = queuePaused ? 0 : group.fitting.filter(isFree).length
    const place = Math.max(0, ahead + run.needed - free)
    const position = place === 0 ? null : place
    forecasts.set(run.id, {
      position,
      waitingFor: position === null ? null : runAhead(group),
      etaSeconds: queuePaused ? null : takeTurn(run, line, run.usualSeconds),
      ...{ wait: group.wait, queuePaused },
      environments: group.names,
    })
    group.count += 1
    for (const rival of group.rivals) rival.lastRunId = run.id
  }
  return forecasts
}

function groupsOf(waiting: Schedule['waiting'], places: readonly Place[]): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const run of waiting)
    if (!groups.has(keyOf(run))) {
      const fitting = places.filter(place => fits(run, place))
      const names = fitting.map(({ name }) => name)
      const wait = explainWait(run, places)
      groups.set(keyOf(run), { demand: run, fitting, names, wait, rivals: [], count: 0, lastRunId: null })
    }
  const all = [...groups.values()]
  for (const group of all) group.rivals = all.filter(other => compete(group, other))
  return groups
}

const keyOf = ({ labels, wantedEnvironmentId, needed }: Demand) =>
  JSON.stringify([[...labels].sort(), wantedEnvironmentId, needed])

function compete(a: Group, b: Group): boolean {
  return a === b || a.fitting.some(place => b.fitting.includes(place))
}

/** The one before it in the queue; at its head, the one that is expected to end first. */
function runAhead({ lastRunId, fitting }: Group): number | null {
  if (lastRunId !== null) return lastRunId
  const busy = fitting.filter(({ runId }) => runId !== null)
  return busy.sort((a, b) => a.busySeconds - b.busySeconds)[0]?.runId ?? null
}

interface Turn {
  place: Place
  freeIn: number | null
}

function expectedFree(place: Place): Turn {
  if (place.runId === null) return { place, freeIn: 0 }
  return { place, freeIn: place.isKnown ? place.busySeconds : null }
}

/** Takes the environments that are free first, for as long as such runs take. */
function takeTurn(run: Demand, line: Turn[], usualSeconds: number | null): number | null {
  const chosen = line
    .filter(({ place }) => fits(run, place))
    .sort((a, b) => (a.freeIn ?? Infinity) - (b.freeIn ?? Infinity))
    .slice(0, run.needed)
  if (chosen.length < run.needed) return null
  const starts = chosen.map(({ freeIn }) => freeIn)
  const start = starts.includes(null) ? null : Math.max(...(starts as number[]))
  for (const turn of chosen)
    turn.freeIn = start === null || usualSeconds === null ? null : start + usualSeconds
  return start === null ? null : Math.round(start)
}
